/** Descriptions of files. */

import { KiB } from '../../lib/byte-size.js';
import type { UploadFacts } from '../../ports/protocol.js';
import type { SourceFile } from '../../ports/source.js';
import type { Metadata } from './metadata.js';
import type { Upload } from './upload.js';

/** Files up to this many bytes are mostly sent by one request and stored within a second. */
export const BRIEF = 64 * KiB;

/** What is known of a file without reading it. */
export type FileDescription = Pick<SourceFile, 'name' | 'size' | 'type' | 'lastModified'> & {
  readonly relativePath: string;
};

/** A file that was seen before. */
export interface KnownFile {
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  /** Null where it was not sampled, and where no digest was available. */
  readonly fingerprint: string | null;
}

/** A stored file to show on a list; `result` becomes that of its snapshot. */
export type StoredFile = FileDescription & { readonly fileId: string; readonly result?: unknown };

/** Copies only these fields. */
export const plainDescription = ({
  name,
  size,
  type,
  relativePath,
  lastModified,
}: FileDescription): FileDescription => ({
  name,
  size,
  type,
  relativePath,
  lastModified,
});

/** The facts that protocols send; an empty type becomes `application/octet-stream`. */
export const factsOf = (id: string, description: FileDescription, metadata: Metadata | null): UploadFacts =>
  Object.freeze({ ...description, id, type: description.type || 'application/octet-stream', metadata });

/** Whether a later page can ask for what the upload's session has stored, even where no receipt came. */
export const isResumable = ({ session, restored }: Upload): boolean =>
  Object.values(session?.record ?? restored?.session ?? {}).some((value) => value !== null);
