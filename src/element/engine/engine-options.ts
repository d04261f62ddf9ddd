/** What the attributes mean to the engine: units become bytes and milliseconds, nonsense becomes the default. */

import { DEFAULT_OPTIONS, type EngineOptions } from '../../engine/options.js';
import { parseByteSize } from '../../lib/byte-size.js';
import type { UploadAttributes } from './upload-attributes.js';

const bytesOr = (value: number | string | null, fallback: number): number =>
  value === null ? fallback : (parseByteSize(String(value)) ?? fallback);

const numberOr = (value: number | string | null, fallback: number): number => {
  const number = value === null || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? number : fallback;
};

const oneOf = <T extends string>(value: string, allowed: readonly T[], fallback: T): T =>
  allowed.find((word) => word === value) ?? fallback;

const PROTOCOLS = ['auto', 'presigned', 'chunked', 'fastio', 'multipart', 'tus', 'form'] as const;
const DUPLICATES = ['skip', 'keep', 'replace', 'rename'] as const;
const CREDENTIALS = ['same-origin', 'include', 'omit'] as const;

const parallelOf = (value: number | string): number | 'auto' => {
  const number = Math.trunc(numberOr(value, 0));
  return number < 1 ? 'auto' : Math.min(number, 16);
};

const partSizeOf = (value: number | string): number | 'auto' => {
  const bytes = bytesOr(value, 0);
  return bytes < 1 ? 'auto' : bytes;
};

export const engineOptionsOf = (from: UploadAttributes): EngineOptions => ({
  endpoint: from.endpoint,
  protocol: oneOf(from.protocol, PROTOCOLS, 'auto'),
  confirmEndpoint: from.confirmEndpoint,
  headers: from.headers,
  credentials: oneOf(from.credentials, CREDENTIALS, 'same-origin'),
  metadata: from.metadata,
  workspaceId: from.workspaceId,
  folderId: from.folderId,
  autoStart: !from.noAuto,
  resume: !from.noResume,
  listName: from.name === '' ? from.id : from.name,
  parallel: parallelOf(from.parallel),
  partSize: partSizeOf(from.partSize),
  checksums: from.checksums,
  retryWindowMs: numberOr(from.retryWindow, DEFAULT_OPTIONS.retryWindowMs / 1000) * 1000,
  duplicates: oneOf(from.duplicates, DUPLICATES, 'skip'),
  maxFiles: numberOr(from.maxFiles, DEFAULT_OPTIONS.maxFiles),
  maxFileSize: bytesOr(from.maxFileSize, DEFAULT_OPTIONS.maxFileSize),
  minFileSize: bytesOr(from.minFileSize, DEFAULT_OPTIONS.minFileSize),
  maxTotalSize: bytesOr(from.maxTotalSize, DEFAULT_OPTIONS.maxTotalSize),
  accept: from.accept,
});

/** What differs between two sets of options, or null when nothing does. */
export const changedOptions = (before: EngineOptions, after: EngineOptions): Partial<EngineOptions> | null => {
  const changed = Object.entries(after).filter(([key, value]) => before[key as keyof EngineOptions] !== value);
  return changed.length === 0 ? null : Object.fromEntries(changed);
};
