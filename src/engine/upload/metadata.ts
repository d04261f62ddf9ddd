/** Metadata as it is sent and recorded: a frozen copy that went through JSON. */

import { UploadError } from '../../ports/errors.js';

export type Metadata = Readonly<Record<string, unknown>>;

/** @throws UploadError `configuration` that names the field which JSON cannot hold (a BigInt, a cycle). */
export const plainMetadata = (metadata: Metadata | null): Metadata | null => {
  if (metadata === null) return null;
  try {
    return Object.freeze(JSON.parse(JSON.stringify(metadata)));
  } catch (cause) {
    throw new UploadError('configuration', `${unsendableField(metadata)} cannot be sent as JSON`, { cause });
  }
};

const unsendableField = (metadata: Metadata): string => {
  const field = Object.keys(metadata).find((key) => !isSendable(metadata[key]));
  return field === undefined ? 'metadata' : `metadata.${field}`;
};

const isSendable = (value: unknown): boolean => {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
};
