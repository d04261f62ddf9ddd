/**
 * Converts attributes to options of the engine: units become bytes and milliseconds. An invalid limit becomes NaN,
 * which refuses all files, and an unknown protocol is passed on for the engine to refuse, because a default would
 * accept what the page means to exclude. All other invalid values become the default.
 */

import { DEFAULT_OPTIONS, type EngineOptions } from '../../engine/options.js';
import { parseByteSize } from '../../lib/byte-size.js';
import type { ProtocolChoice } from '../../ports/protocol.js';
import { nameOfProtocol, type ProtocolOption } from '../../preset.js';
import type { UploadAttributes } from './upload-attributes.js';

const bytesOr = (value: number | string, fallback: number): number => parseByteSize(String(value)) ?? fallback;

const numberOr = (value: number | string | null, fallback: number): number => {
  const number = value === null || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) && number >= 0 ? number : fallback;
};

/** A missing limit allows everything, an invalid one nothing. */
const limitOr = (value: number | string | null, read: (text: string) => number | null, unset: number): number => {
  if (value === null || String(value).trim() === '') return unset;
  const limit = typeof value === 'number' ? value : read(value);
  return limit !== null && limit >= 0 ? limit : Number.NaN;
};

const oneOf = <T extends string>(value: string, allowed: readonly T[], fallback: T): T =>
  allowed.find((word) => word === value) ?? fallback;

/** An unknown name, or an object without a name, is passed on, so that uploads fail with `configuration`. */
const protocolOf = (protocol: ProtocolOption): ProtocolChoice =>
  String(protocol) === '' ? 'auto' : nameOfProtocol(protocol);

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

/** True also when a field has to be filled in first. */
export const waitsForStart = ({ noAuto, fields }: UploadAttributes): boolean =>
  noAuto || fields.some((field) => field.required);

export const engineOptionsOf = (from: UploadAttributes): EngineOptions => ({
  endpoint: from.endpoint,
  protocol: protocolOf(from.protocol),
  fileField: from.fileField || DEFAULT_OPTIONS.fileField,
  confirmEndpoint: from.confirmEndpoint,
  headers: from.headers,
  credentials: oneOf(from.credentials, CREDENTIALS, 'same-origin'),
  metadata: from.metadata,
  prepare: from.prepare,
  workspaceId: from.workspaceId,
  folderId: from.folderId,
  autoStart: !waitsForStart(from),
  resume: !from.noResume,
  listName: from.name === '' ? from.id : from.name,
  parallel: parallelOf(from.parallel),
  partSize: partSizeOf(from.partSize),
  checksums: from.checksums,
  retryWindowMs: numberOr(from.retryWindow, DEFAULT_OPTIONS.retryWindowMs / 1000) * 1000,
  duplicates: oneOf(from.duplicates, DUPLICATES, 'skip'),
  maxFiles: limitOr(from.maxFiles, Number, DEFAULT_OPTIONS.maxFiles),
  maxFileSize: limitOr(from.maxFileSize, parseByteSize, DEFAULT_OPTIONS.maxFileSize),
  minFileSize: limitOr(from.minFileSize, parseByteSize, DEFAULT_OPTIONS.minFileSize),
  maxTotalSize: limitOr(from.maxTotalSize, parseByteSize, DEFAULT_OPTIONS.maxTotalSize),
  accept: from.accept,
});

/** The options that differ; null when none do. */
export const changedOptions = (before: EngineOptions, after: EngineOptions): Partial<EngineOptions> | null => {
  const changed = Object.entries(after).filter(([key, value]) => !Object.is(before[key as keyof EngineOptions], value));
  return changed.length === 0 ? null : Object.fromEntries(changed);
};
