/** Money in ten-thousandths, exact. */
export type Units = bigint;

const MS_A_DAY = 86_400_000;

export function money(value: string): Units {
  const [whole = '0', part = ''] = value.replace('-', '').split('.');
  const units = BigInt(whole) * 10_000n + BigInt(part.padEnd(4, '0'));
  return value.startsWith('-') ? -units : units;
}

export function text(units: Units): string {
  const size = units < 0n ? -units : units;
  return `${units < 0n ? '-' : ''}${size / 10_000n}.${String(size % 10_000n).padStart(4, '0')}`;
}

export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / MS_A_DAY;
}

export function toDate(day: number): string {
  return new Date(day * MS_A_DAY).toISOString().slice(0, 10);
}
