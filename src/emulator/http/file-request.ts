/** Parses the fields that both v1 dialects share in the request that opens an upload. */

import { isObject, type JsonObject, readString } from '../../lib/json.js';
import { ApiError } from './api-error.js';

const MAX_NAME_CHARACTERS = 255;
const MAX_PATH_CHARACTERS = 8192;

const badRequest = (message: string): ApiError => new ApiError(400, 'bad-request', message);

/** A lone surrogate has no UTF-8; it becomes the replacement character. */
const toWellFormed = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

const isSegment = (text: string): boolean => text !== '' && text !== '.' && text !== '..' && !text.includes('\0');

/** One segment of a path, up to 255 characters. @throws ApiError 400 */
export const readFileName = (value: unknown): string => {
  const name = typeof value === 'string' ? toWellFormed(value) : '';
  if (!isSegment(name) || name.includes('/')) throw badRequest('filename is not a valid file name');
  if ([...name].length > MAX_NAME_CHARACTERS) throw badRequest('filename is too long');
  return name;
};

/** Folder path and name; `name` when absent. @throws ApiError 400 for a path that leaves its folder. */
export const readRelativePath = (value: unknown, name: string): string => {
  const path = readString(value);
  if (path === undefined) return name;
  if (path.length > MAX_PATH_CHARACTERS || !path.split('/').every(isSegment)) {
    throw badRequest('relative_path is not a path below a folder');
  }
  return toWellFormed(path);
};

/** Null when absent. @throws ApiError 400 */
export const readMetadata = (value: unknown): JsonObject | null => {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw badRequest('metadata is not an object');
  return value;
};

/** @throws ApiError 400 when the value cannot be a header value. */
export const readContentType = (value: unknown): string => {
  if (typeof value !== 'string' || !/^[\x20-\x7e]+$/.test(value))
    throw badRequest('the content type is not a valid header value');
  return value;
};

/** Bytes. @throws ApiError 400, 413 */
export const readSize = (value: unknown, maxFileSize: number): number => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw badRequest('the size is not a whole number of bytes');
  if (value > maxFileSize) throw new ApiError(413, 'too-large', 'the file is too large');
  return value;
};

export type WorkspaceCheck = (workspaceId: string | null) => void;

/** The check throws an ApiError 403 for a workspace that the key may not write to. */
export const createWorkspaceCheck = (workspaces: readonly string[] | undefined): WorkspaceCheck => {
  return (workspaceId) => {
    if (workspaces === undefined || (workspaceId !== null && workspaces.includes(workspaceId))) return;
    throw new ApiError(403, 'forbidden', 'the key has no permission for this workspace');
  };
};
