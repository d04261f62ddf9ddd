/**
 * Makes the browser's file names safe for storages. Emoji, marks of writing direction, quotes and `#?%` are kept,
 * because names are sent as data and are never part of an upstream URL.
 */

import { badRequest } from './http-error.js';

/** Limit of ext4, in bytes of UTF-8; NTFS and APFS count UTF-16 units, which are never more. */
const MAX_NAME_BYTES = 255;
const MAX_PATH_LENGTH = 2048;

/** Devices on Windows, with or without an extension (source: Microsoft's "Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;
/** Invisible characters: format characters, spaces, fillers. */
const INVISIBLE = /[\p{Cf}\p{Z}\u115F\u1160\u2800\u3164\uFFA0]/gu;

/** One path segment in NFC, without separators and control characters, never a device, `.`, `..` or invisible. */
export const cleanName = (name: string): string => {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029]/gu, '')
    .replace(/\p{Cs}/gu, '\uFFFD')
    .replace(/[/\\]/g, '_');
  if (clean.replace(INVISIBLE, '') === '') return 'unnamed';
  return /^\.{1,2}$/.test(clean) ? clean.replaceAll('.', '_') : shorten(clean.replace(DEVICE, '$1_'));
};

/**
 * A path that stays below its folder, each segment cleaned as a name; undefined when no segment is left.
 * @throws HttpError 400 when it is too long: a shortened path would name another folder.
 */
export const cleanPath = (path: string): string | undefined => {
  const segments = path.split('/').filter((segment) => !/^\.{0,2}$/.test(segment));
  const clean = segments.map(cleanName).join('/');
  if (clean.length > MAX_PATH_LENGTH) throw badRequest(`the path is longer than ${MAX_PATH_LENGTH} characters`);
  return clean === '' ? undefined : clean;
};

/** Shortens the name between characters and keeps its extension. */
const shorten = (name: string): string => {
  if (bytesOf(name) <= MAX_NAME_BYTES) return name;
  const extension = /\.[^.]{1,16}$/.exec(name)?.[0] ?? '';
  let left = MAX_NAME_BYTES - bytesOf(extension);
  let stem = '';
  for (const char of name.slice(0, name.length - extension.length)) {
    left -= bytesOf(char);
    if (left < 0) break;
    stem += char;
  }
  return stem + extension;
};

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
