/** Markup that is safe to send. Only `html` and `markup` make one. */
export interface Html {
  readonly markup: string;
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Builds markup; every value in it is escaped unless it is markup itself. Lists are joined; null, undefined and false give nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { markup: parts.reduce((text, part, n) => text + part + (n < values.length ? write(values[n]) : ''), '') };
}

/** Takes text as markup. For our own files only; never for anything a person typed. */
export function trustedMarkup(markup: string): Html {
  return { markup };
}

function write(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (Array.isArray(value)) return value.map(write).join('');
  if (typeof value === 'object' && 'markup' in value) return value.markup;
  return escapeText(String(value));
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
