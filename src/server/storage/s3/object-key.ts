/** Keys of objects, and what is written beside an object. */

import { HttpError } from '../../http/http-error.js';
import type { AdmittedFile, StorageCaller, Target } from '../storage.js';
import type { KeyedFile, S3Config } from './s3-options.js';

/** In UTF-8; the limit of all storages of the family. */
const MAX_KEY_BYTES = 1024;
/** Of the path in a default key, so that the ticket which carries the key stays short. */
const MAX_PATH_BYTES = 400;
/** Names and values together, on AWS. */
const MAX_METADATA_BYTES = 2048;

const encoder = new TextEncoder();

/** What all keys of a target begin with; empty at the top. */
export const prefixOf = ({ folderId }: Target): string =>
  folderId === 'root' || folderId === '' ? '' : `${folderId.replace(/^\/+|\/+$/g, '')}/`;

/** @throws TypeError when a hook answers no key. */
export const chooseKey = async (
  file: KeyedFile & Pick<AdmittedFile, 'key'>,
  caller: StorageCaller,
  { key: keyOf }: Pick<S3Config, 'key'>,
): Promise<string> => {
  if (file.key !== undefined) return checkKey(file.key, 'beforeOpen() has to answer a key');
  if (keyOf !== undefined) return checkKey(await keyOf(file, caller), 's3: key() has to answer a key');
  // The random id keeps two files of one name apart, whichever user sends them.
  const key = `${prefixOf(file)}${crypto.randomUUID()}/${shortPath(file.relativePath ?? file.name, file.name)}`;
  return checkKey(key, 's3: the folder id has to be the beginning of a key');
};

const shortPath = (path: string, name: string): string => {
  if (bytesOf(path) <= MAX_PATH_BYTES) return path;
  if (bytesOf(name) <= MAX_PATH_BYTES) return name;
  const extension = /\.[\w-]{1,16}$/.exec(name)?.[0] ?? '';
  return `file${extension}`;
};

const bytesOf = (text: string): number => encoder.encode(text).byteLength;

/** URL parsers walk up on `.` and `..`, and an empty segment is dropped by some storages. */
const checkKey = (key: unknown, message: string): string => {
  const isKey =
    typeof key === 'string' &&
    bytesOf(key) <= MAX_KEY_BYTES &&
    !/\p{Cc}|\p{Surrogate}/u.test(key) &&
    key.split('/').every((segment) => !/^\.{0,2}$/.test(segment));
  if (!isKey) throw new TypeError(`${message}: up to ${MAX_KEY_BYTES} bytes, no empty segment, no "." or ".."`);
  return key;
};

/** False for an id from outside that cannot be a key. */
export const isKeyIn = (target: Target, key: string): boolean => {
  try {
    return checkKey(key, '').startsWith(prefixOf(target));
  } catch {
    return false;
  }
};

/** Each segment with nothing left that a URL gives a meaning to. */
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
/** Header of the mark that tells which session made the object. */
export const MARK_HEADER = 'x-amz-meta-upload';

/**
 * What creates the object beside its bytes: type, metadata, the headers of the options, and the original name.
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
  // A header of the browser's has to be allowed by the bucket's CORS rules: where the key tells the name there is none.
  return {
    ...headers,
    ...Object.fromEntries(kept),
    ...(!isNamed && { [NAME_HEADER]: encodeValue(name) }),
    'content-type': type,
  };
};

const metadataName = (key: string): string => `x-amz-meta-${key.toLowerCase().replace(/[^a-z\d]+/g, '-')}`;

const isPlain = (text: string): boolean => /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);

/** As S3 itself writes what is not ASCII (RFC 2047). */
const encodeValue = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  if (isPlain(text) && !text.startsWith('=?')) return text;
  const binary = Array.from(encoder.encode(text), (byte) => String.fromCharCode(byte)).join('');
  return `=?UTF-8?B?${btoa(binary)}?=`;
};

/** The original name, where the object carries one. */
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
