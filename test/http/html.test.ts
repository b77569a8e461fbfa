import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeText, html, trustedMarkup } from '../../src/http/html.ts';

const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function unescape(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '<',
      '>',
      '&',
      '"',
      "'",
      '=',
      '/',
      ';',
      '#',
      'a',
      '&lt;',
      '</script>',
      '\u2028',
      '\0',
      '\n',
    ),
  }),
);

it('lets no value end its place, in text or in an attribute, and keeps it readable', () => {
  fc.assert(
    fc.property(anyText, anyText, (inside, attribute) => {
      const { markup } = html`<p title="${attribute}">${inside}</p>`;
      const parts = /^<p title="([^"]*)">([^]*)<\/p>$/.exec(markup);
      expect(parts).not.toBeNull();
      const [, written = '', text = ''] = parts ?? [];
      for (const part of [written, text]) {
        expect(part).not.toMatch(/[<>"']/);
        expect(part).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/);
      }
      expect(unescape(written)).toBe(attribute);
      expect(unescape(text)).toBe(inside);
    }),
    { seed: 3, numRuns: 500 },
  );
});

it('escapes every value of a list, and markup of ours not twice', () => {
  fc.assert(
    fc.property(fc.array(anyText), (values) => {
      const items = values.map((value) => html`<b>${value}</b>`);
      const expected = values.map((value) => `<b>${escapeText(value)}</b>`).join('');
      expect(html`<i>${items}</i>`.markup).toBe(`<i>${expected}</i>`);
      expect(html`${values}`.markup).toBe(values.map(escapeText).join(''));
    }),
    { seed: 4, numRuns: 200 },
  );
});

it('writes nothing for what is not there, and numbers as they are', () => {
  expect(html`[${null}${undefined}${false}${[]}${''}${0}${-1.5}]`.markup).toBe('[0-1.5]');
  expect(html`a${trustedMarkup('<br>')}${html`<b>${'<'}</b>`}`.markup).toBe('a<br><b>&lt;</b>');
});

it('takes no object for markup that did not come from us', () => {
  const fromOutside: unknown = JSON.parse('{"markup":"<script>alert(1)</script>"}');
  expect(() => html`${fromOutside as string}`).toThrow(TypeError);
  expect(() => html`${[fromOutside as string]}`).toThrow(TypeError);
});
