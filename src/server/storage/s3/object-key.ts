/** Keys of objects, and the headers that are stored with an object. */

import { HttpError } from '../../http/http-error.js';
import type { AdmittedFile, StorageCaller, Target } from '../storage.js';
import type { KeyedFile, S3Config } from './s3-options.js';

/** In UTF-8; the limit of all S3-compatible storages. */
const MAX_KEY_BYTES = 1024;
/** Limit of the path in a default key, so that the ticket with the key stays short. */
const MAX_PATH_BYTES = 400;
/** Names and values together, on AWS. */
const MAX_METADATA_BYTES = 2048;

const encoder = new TextEncoder();

/** The common beginning of all keys of a target; empty at the top. */
export const prefixOf = ({ folderId }: Target): string =>
  folderId === 'root' || folderId === '' ? '' : `${folderId.replace(/^\/+|\/+$/g, '')}/`;

/** @throws TypeError when a hook returns an invalid key. */
export const chooseKey = async (
  file: KeyedFile & Pick<AdmittedFile, 'key'>,
  caller: StorageCaller,
  { key: keyOf }: Pick<S3Config, 'key'>,
): Promise<string> => {
  if (file.key !== undefined) return checkKey(file.key, 'beforeOpen() must return a valid key');
  if (keyOf !== undefined) return checkKey(await keyOf(file, caller), 's3: key() must return a valid key');
  // The random id distinguishes files of the same name, of one or several users.
  const key = `${prefixOf(file)}${crypto.randomUUID()}/${shortPath(file.relativePath ?? file.name, file.name)}`;
  return checkKey(key, 's3: the folder id must be the beginning of a valid key');
};

const shortPath = (path: string, name: string): string => {
  if (bytesOf(path) <= MAX_PATH_BYTES) return path;
  if (bytesOf(name) <= MAX_PATH_BYTES) return name;
  const extension = /\.[\w-]{1,16}$/.exec(name)?.[0] ?? '';
  return `file${extension}`;
};

const bytesOf = (text: string): number => encoder.encode(text).byteLength;

/** URL parsers resolve `.` and `..`, and some storages drop an empty segment. */
const checkKey = (key: unknown, message: string): string => {
  const isKey =
    typeof key === 'string' &&
    bytesOf(key) <= MAX_KEY_BYTES &&
    !/\p{Cc}|\p{Surrogate}/u.test(key) &&
    key.split('/').every((segment) => !/^\.{0,2}$/.test(segment));
  if (!isKey) throw new TypeError(`${message}: up to ${MAX_KEY_BYTES} bytes, no empty segment, no "." or ".."`);
  return key;
};

/** Whether a browser's id is a valid key in the target. */
export const isKeyIn = (target: Target, key: string): boolean => {
  try {
    return checkKey(key, '').startsWith(prefixOf(target));
  } catch {
    return false;
  }
};

/** Encodes each segment, so that no character has a meaning in a URL. */
export const encodeKey = (key: string): string =>
  key
    .split('/')
    .map((segment) =>
      encodeURIComponent(segment).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/');

export const nameOfKey = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

/** Header of the original name. */
const NAME_HEADER = 'x-amz-meta-name';
/** Header of the mark that identifies the session which created the object. */
export const MARK_HEADER = 'x-amz-meta-upload';

/**
 * The headers that create the object: type, metadata, the headers of the options, and the original name.
 * @throws HttpError 400 when the metadata is longer than S3 stores.
 */
export const objectHeaders = (
  key: string,
  { type, name, metadata = {} }: KeyedFile,
  { headers }: Pick<S3Config, 'headers'>,
): Record<string, string> => {
  const kept = Object.entries(metadata).map(([field, value]) => [metadataName(field), encodeValue(value)] as const);
  const bytes = kept.reduce((sum, [field, value]) => sum + field.length + value.length, 0);
  if (bytes > MAX_METADATA_BYTES) {
    throw new HttpError(
      400,
      'bad-request',
      `the metadata is longer than the ${MAX_METADATA_BYTES} bytes that S3 stores`,
    );
  }
  const isNamed = nameOfKey(key) === name;
  // The bucket's CORS rules must allow each header of the browser, so the name is left out when the key contains it.
  return {
    ...headers,
    ...Object.fromEntries(kept),
    ...(!isNamed && { [NAME_HEADER]: encodeValue(name) }),
    'content-type': type,
  };
};

const metadataName = (key: string): string => `x-amz-meta-${key.toLowerCase().replace(/[^a-z\d]+/g, '-')}`;

const isPlain = (text: string): boolean => /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);

/** Encodes non-ASCII text as S3 itself does (RFC 2047). */
const encodeValue = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (isPlain(text) && !text.startsWith('=?')) return text;
  const binary = Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join('');
  return `=?UTF-8?B?${btoa(binary)}?=`;
};

/** The original name from the object's metadata, or else the end of its key. */
export const readName = (headers: Headers, key: string): string => {
  const value = headers.get(NAME_HEADER);
  if (value === null || value === '') return nameOfKey(key);
  const encoded = /^=\?UTF-8\?B\?([\w+/=]*)\?=$/i.exec(value)?.[1];
  if (encoded === undefined) return value;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0)));
  } catch {
    return nameOfKey(key);
  }
};
