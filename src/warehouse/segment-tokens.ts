import { AppError } from '../core/errors.ts';

const LONGEST_TEXT = 2000;
const MOST_TOKENS = 400;
/** The parser's time doubles with each. */
const DEEPEST = 6;
/** Longer numbers are not the same number in floating point. */
const MOST_DIGITS = 15;

const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'between', 'like', 'is', 'null', 'true', 'false']);

/** What a condition may be made of, for a refusal's end. */
const ALLOWED =
  'compare listed columns with =, <>, <, <=, >, >=, in, between, like or is null, and join comparisons with and, or, not and brackets';

// A word runs on over letters of every script, so that none can hide behind an English one.
const TOKEN =
  /(?<space>[ \t\r\n]+)|(?<text>'(?:[^']|'')*')|(?<number>\d+(?:\.\d+)?(?![\w.]))|(?<word>[\p{L}_][\p{L}\p{N}\p{M}_]*)|(?<sign><>|<=|>=|[=<>(),]|-(?=\d))/uy;
/** Pieces of two signs that are named whole in a refusal; else one sign is. */
const REFUSED = /--|\/\*|\*\/|::|\|\||!=|==|->>?|:=|\$\$|\d[\w.]*|[^]/uy;

/**
 * Looks at every piece of a condition before it is parsed: only the listed columns, written exactly so, the few keywords and signs, numbers, and
 * text in single quotes. Throws AppError `invalid`, naming the first piece that is something else.
 */
export function checkTokens(text: string, columns: ReadonlySet<string>): void {
  if (text.trim() === '') throw refusal('A segment needs a condition');
  if (text.length > LONGEST_TEXT) throw refusal(`A segment has at most ${LONGEST_TEXT} characters`);
  refuseUnseen(text);
  const tokens = tokensOf(text);
  if (tokens.length > MOST_TOKENS) throw refusal(`A segment has at most ${MOST_TOKENS} words and signs`);
  for (const [place, token] of tokens.entries()) {
    if (token.kind === 'word') checkWord(token.piece, tokens[place + 1]?.piece === '(', columns);
    if (token.kind === 'number' && token.piece.replace('.', '').length > MOST_DIGITS)
      throw refusal(`The number ${token.piece} has more than ${MOST_DIGITS} digits`);
  }
  checkOrder(tokens);
  checkBrackets(tokens);
}

const BEFORE_VALUE = new Set([
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  ',',
  'and',
  'or',
  'between',
  'like',
  'in',
  'is',
]);

/** Values and what joins them take turns. What does not is refused here, because the parser can take seconds to find no way to read it. */
function checkOrder(tokens: readonly Token[]): void {
  let isValueNext = true;
  for (const [place, { kind, piece }] of tokens.entries()) {
    const sign = kind === 'word' || kind === 'sign' ? piece.toLowerCase() : '';
    const isValue = !BEFORE_VALUE.has(sign) && !['(', ')', '-', 'not'].includes(sign);
    const fits = isValueNext
      ? isValue || ['(', '-', 'not'].includes(sign)
      : !isValue && sign !== '(' && sign !== '-';
    if (!fits) {
      const before = tokens[place - 1];
      throw refusal(
        `${shown(piece)} cannot stand ${before === undefined ? 'first' : `after ${shown(before.piece)}`}`,
      );
    }
    if (isValue) isValueNext = false;
    else if (BEFORE_VALUE.has(sign)) isValueNext = true;
  }
  if (isValueNext) throw refusal('The condition ends too early');
}

/** Brackets close and are not too deep; where `and` meets `or` there are some, because readers and parsers differ in which of the two is first. */
function checkBrackets(tokens: readonly Token[]): void {
  const open: Set<string>[] = [new Set()];
  let isBetween = false;
  for (const { kind, piece } of tokens) {
    const word = kind === 'word' || kind === 'sign' ? piece.toLowerCase() : '';
    if (word === '(') open.push(new Set());
    if (word === ')') open.pop();
    if (open.length - 1 > DEEPEST) throw refusal(`Brackets are nested deeper than ${DEEPEST}`);
    const joins = open.at(-1);
    if (joins === undefined) throw refusal('A bracket is closed that was not opened');
    if (word === 'between') isBetween = true;
    else if (word === 'and' && isBetween) isBetween = false;
    else if (word === 'and' || word === 'or') joins.add(word);
    if (joins.size > 1) throw refusal('And stands beside or; say with brackets what belongs together');
  }
  if (open.length > 1) throw refusal('A bracket is not closed');
}

/** A refusal in one sentence that says what is allowed. */
export function refusal(what: string): AppError {
  return new AppError('invalid', `${what}: ${ALLOWED}.`);
}

export function unknownPiece(piece: string): AppError {
  return refusal(`A segment may not contain ${shown(piece)}`);
}

interface Token {
  kind: 'text' | 'number' | 'word' | 'sign';
  piece: string;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw unreadable(text, at);
    const [piece] = match;
    for (const kind of ['text', 'number', 'word', 'sign'] as const)
      if (match.groups?.[kind] !== undefined) tokens.push({ kind, piece });
    at += piece.length;
  }
  return tokens;
}

function unreadable(text: string, at: number): AppError {
  if (text[at] === "'")
    return refusal(`The text that begins with ${shown(text.slice(at, at + 20))} has no closing quote`);
  REFUSED.lastIndex = at;
  return unknownPiece(REFUSED.exec(text)?.[0] ?? text.slice(at, at + 1));
}

function checkWord(word: string, isCalled: boolean, columns: ReadonlySet<string>): void {
  const lower = word.toLowerCase();
  if (KEYWORDS.has(lower) || (columns.has(word) && !isCalled)) return;
  if (isCalled) throw unknownPiece(`${word}(`);
  if (columns.has(lower)) throw refusal(`Write ${lower} for ${shown(word)}`);
  throw refusal(`There is no column ${shown(word)}; there are ${[...columns].join(', ')}`);
}

/** A backslash means something to the parser and nothing to DuckDB; what cannot be seen could hide a part from who reads the condition. */
function refuseUnseen(text: string): void {
  const unseen = /\\|(?![\t\r\n])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u.exec(text)?.[0];
  if (unseen === '\\') throw unknownPiece('\\');
  if (unseen !== undefined)
    throw refusal(
      `A segment may not contain the invisible character U+${(unseen.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
    );
}

function shown(piece: string): string {
  return JSON.stringify(piece);
}
