/**
 * The shape of a table of texts. A table is plain data: `{name}` marks a value, and a text that depends on a number has
 * one form for each plural category of its language. Numbers, sizes and durations are formatted before they get here.
 */

import type { ENGLISH } from './en.js';

/** One text, or its plural forms chosen by `{count}`. */
export type Message = string | (Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string });

export type StringKey = keyof typeof ENGLISH;

/** A whole table. The `strings` property of the element takes a part of one. */
export type Strings = Readonly<Record<StringKey, Message>>;

/** A text that depends on a number; a language with one form only has it as it is. */
type Forms<Category extends Intl.LDMLPluralRule> = [Category] extends ['other']
  ? string
  : Readonly<Record<Category, string>>;

/** A table of a language with these plural categories: a missing text, a missing form or an unknown key is an error. */
export type Table<Category extends Intl.LDMLPluralRule> = {
  readonly [Key in StringKey]: (typeof ENGLISH)[Key] extends string ? string : Forms<Category>;
};
