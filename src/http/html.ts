/** Markup that is safe to send. Only `html` and `trustedMarkup` make one; an object of any other origin is no markup, whatever its fields. */
export interface Html {
  readonly markup: string;
}

class Markup implements Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Value = Html | string | number | null | undefined | false | readonly Value[];

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Builds markup; every value in it is escaped unless it is markup itself. Lists are joined; null, undefined and false give nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Markup(
    parts.reduce((text, part, n) => text + part + (n < values.length ? write(values[n]) : ''), ''),
  );
}

/** Takes text as markup. For our own files only; never for anything a person typed. */
export function trustedMarkup(markup: string): Html {
  return new Markup(markup);
}

function write(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (value instanceof Markup) return value.markup;
  if (Array.isArray(value)) return value.map(write).join('');
  throw new TypeError('only text, numbers and our own markup can be written');
}

export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}
