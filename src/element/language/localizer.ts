/** A table of texts with the language of its numbers, units and plurals. */

import { html, type TemplateResult } from 'lit';
import { FIRST_ENGLISH } from '../../locales/en-first.js';
import type { StringKey, Strings } from '../../locales/table.js';
import { formatBytes, formatNumber } from './numbers.js';

export type Values = Readonly<Record<string, string | number>>;

export const baseOf = (lang: string): string => lang.split('-')[0]?.toLowerCase() ?? '';

const isLanguage = (lang: string): boolean => {
  try {
    return Intl.NumberFormat.supportedLocalesOf(lang).length > 0;
  } catch {
    return false;
  }
};

/** The page's variant when the texts are in its language (`en-GB` for English), otherwise the language of the texts. */
const pickLanguage = (tableLang: string, pageLang: string): string =>
  isLanguage(pageLang) && baseOf(pageLang) === baseOf(tableLang) ? pageLang : tableLang;

const RIGHT_TO_LEFT = /[\u0590-\u08ff]/;

/** Isolates a value, so that one in the other direction does not reorder the words around it. */
const isolate = (form: string, value: string): string =>
  RIGHT_TO_LEFT.test(form) === RIGHT_TO_LEFT.test(value) ? value : `\u2068${value}\u2069`;

/** The direction of a text by its own words; `dir="auto"` would go by the first value in it. */
export const directionOf = (text: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.test(text.replace(/\u2068[^\u2069]*\u2069/g, '')) ? 'rtl' : 'ltr';

export class Localizer {
  /** Language of texts and numbers. */
  readonly lang: string;
  readonly #overrides: Partial<Strings>;
  readonly #table: Partial<Strings>;
  readonly #plurals: Intl.PluralRules;

  constructor(overrides: Partial<Strings> = {}, pageLang = '', table: Partial<Strings> = FIRST_ENGLISH) {
    this.#overrides = overrides;
    this.#table = table;
    const tableLang = String(overrides.lang ?? table.lang ?? FIRST_ENGLISH.lang);
    this.lang = pickLanguage(isLanguage(tableLang) ? tableLang : FIRST_ENGLISH.lang, pageLang);
    this.#plurals = new Intl.PluralRules(this.lang);
  }

  /** The text of `key` with its values inserted; `count` selects the plural form. */
  text(key: StringKey, values: Values = {}): string {
    const message = this.#overrides[key] ?? this.#table[key] ?? '';
    const form =
      typeof message === 'string' ? message : (message[this.#plurals.select(Number(values.count))] ?? message.other);
    return form.replace(/\{(\w+)\}/g, (mark, name: string) => {
      const value = values[name];
      return typeof value === 'number'
        ? formatNumber(this.lang, value)
        : value === undefined
          ? mark
          : isolate(form, value);
    });
  }

  bytes(bytes: number): string {
    return formatBytes(this.lang, bytes);
  }

  /** The words with a capital first letter. */
  sentence(words: string): string {
    return words.charAt(0).toLocaleUpperCase(this.lang) + words.slice(1);
  }

  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.lang, { type: 'conjunction' }).format(items);
  }
}

/** The non-empty pieces of a line. */
export const piecesOf = (...pieces: readonly (string | null | false)[]): string[] =>
  pieces.filter((piece): piece is string => Boolean(piece));

/** Isolates the direction of each piece, and lets a line wrap between pieces, before the dot, where possible. */
export const renderPieces = (pieces: readonly string[]): TemplateResult[] =>
  pieces.map(
    (piece, index) =>
      html`<span class="piece"><i>${index > 0 ? '·\u00a0' : ''}</i><bdi dir=${directionOf(piece)}>${piece}</bdi></span> `,
  );
