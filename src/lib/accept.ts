/** Parses `accept` lists as specified and in the other forms that authors write. Browser and gateway share it. */

import { typesOf, usualType } from './types/file-types.js';

/** One entry of an `accept` list. */
export type AcceptToken =
  | { readonly kind: 'any' }
  /** File name extension with its dot, in lower case: `.tar.gz`. */
  | { readonly kind: 'ending'; readonly ending: string }
  /** For example `image` of `image/*`. */
  | { readonly kind: 'family'; readonly family: string }
  | { readonly kind: 'type'; readonly type: string };

const FAMILIES: ReadonlySet<string> = new Set(['image', 'video', 'audio', 'text', 'font', 'application', 'model']);

const ANY: AcceptToken = { kind: 'any' };

/** Reads `jpg`, `*.jpg` and `.JPG` as `.jpg`; `image`, `images` and `image/` as `image/*`. */
const readToken = (word: string): AcceptToken => {
  if (/^\*(\/\*|\.\*)?$/.test(word)) return ANY;
  const slash = word.indexOf('/');
  if (slash < 0) {
    const family = word.replace(/s$/, '');
    if (FAMILIES.has(family)) return { kind: 'family', family };
    return { kind: 'ending', ending: `.${word.replace(/^\*?\.?/, '')}` };
  }
  const subtype = word.slice(slash + 1);
  if (subtype === '*' || subtype === '') return { kind: 'family', family: word.slice(0, slash) };
  return { kind: 'type', type: usualType(word) };
};

/** Entries are separated by commas, or by spaces, semicolons and bars. Parameters are ignored. */
export const parseAccept = (accept: string): readonly AcceptToken[] =>
  accept
    .toLowerCase()
    .split(/[\s,;|]+/)
    .filter((word) => word !== '' && word !== '.' && !word.includes('='))
    .map(readToken);

export const tokenText = (token: AcceptToken): string => {
  if (token.kind === 'any') return '*/*';
  if (token.kind === 'family') return `${token.family}/*`;
  return token.kind === 'ending' ? token.ending : token.type;
};

/** The list in the specified form, because browsers ignore other entries. */
export const normalizeAccept = (accept: string): string => {
  const tokens = parseAccept(accept);
  return tokens.includes(ANY) ? '' : [...new Set(tokens.map(tokenText))].join(',');
};

/** Equivalent extensions: a list with `.jpg` accepts `photo.jpeg`. */
const SYNONYMS: readonly (readonly string[])[] = [
  ['.jpg', '.jpeg', '.jpe', '.jfif'],
  ['.tif', '.tiff'],
  ['.heic', '.heif'],
  ['.htm', '.html'],
  ['.mpg', '.mpeg'],
  ['.yml', '.yaml'],
  ['.md', '.markdown'],
];

const hasEnding = (name: string, ending: string): boolean => {
  const same = SYNONYMS.find((endings) => endings.includes(ending)) ?? [ending];
  return same.some((one) => name.toLowerCase().endsWith(one));
};

/** Whether the list accepts the file; an empty list accepts every file. */
export const isAccepted = (file: { readonly name: string; readonly type: string }, accept: string): boolean => {
  const tokens = parseAccept(accept);
  const types = typesOf(file);
  return (
    tokens.length === 0 ||
    tokens.some((token) => {
      if (token.kind === 'any') return true;
      if (token.kind === 'ending') return hasEnding(file.name, token.ending);
      if (token.kind === 'type') return types.includes(token.type);
      return types.some((type) => type.startsWith(`${token.family}/`));
    })
  );
};
