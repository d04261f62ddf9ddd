/**
 * Names from outside, made harmless for storage. What people chose stays: emoji, marks of writing direction, quotes and
 * `#?%` are part of a name. A name is data and never part of an upstream URL.
 */

import { badRequest } from './http-error.js';

/** What NTFS, APFS and ext4 can hold at most, in UTF-16 units. */
const MAX_NAME_LENGTH = 255;
const MAX_PATH_LENGTH = 2048;

/** One path segment: no separator, no control character, not `.` or `..`, NFC, never empty. */
export const cleanName = (name: string): string => {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029]/gu, '')
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[/\\]/g, '_');
  if (clean === '') return 'unnamed';
  return /^\.{1,2}$/.test(clean) ? clean.replaceAll('.', '_') : shorten(clean);
};

/**
 * A path that stays below its folder, each segment as a name; undefined when nothing is left of it.
 * @throws HttpError 400 when it is too long to be kept whole: a cut path would name another folder.
 */
export const cleanPath = (path: string): string | undefined => {
  const segments = path.split('/').filter((segment) => !/^\.{0,2}$/.test(segment));
  const clean = segments.map(cleanName).join('/');
  if (clean.length > MAX_PATH_LENGTH) throw badRequest(`the path is longer than ${MAX_PATH_LENGTH} characters`);
  return clean === '' ? undefined : clean;
};

/** Cuts between characters, before the extension. */
const shorten = (name: string): string => {
  if (name.length <= MAX_NAME_LENGTH) return name;
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
  let stem = '';
  for (const char of name.slice(0, name.length - extension.length)) {
    if (stem.length + char.length + extension.length > MAX_NAME_LENGTH) break;
    stem += char;
  }
  return stem + extension;
};
