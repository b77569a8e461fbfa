import type { Format } from './format.ts';
import { createFormat, knownLocale } from './format.ts';
import { en, type Words } from './words-en.ts';

/** The languages there are. A new one is one more file and one more word here. */
const LANGUAGES: Readonly<Record<string, (format: Format) => Words>> = { en };

/** How a card speaks to one user: the words of their language, English where we have none, and their way to write numbers. */
export interface Speech {
  words: Words;
  format: Format;
}

export function speechFor(user: { locale?: string; language?: string }): Speech {
  const locale = knownLocale(user.locale, user.language);
  const format = createFormat(locale);
  const language = new Intl.Locale(locale).language;
  return { words: (LANGUAGES[language] ?? en)(format), format };
}
