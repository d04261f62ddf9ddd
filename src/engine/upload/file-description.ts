/** What is known of a file. */

import type { UploadFacts } from '../../ports/protocol.js';
import type { SourceFile } from '../../ports/source.js';
import type { Metadata } from './metadata.js';

/** A file as far as it can be told without reading it. */
export type FileDescription = Pick<SourceFile, 'name' | 'size' | 'type' | 'lastModified'> & {
  readonly relativePath: string;
};

/** A file that is stored, as far as a list shows it; `result` becomes that of its snapshot. */
export type StoredFile = FileDescription & { readonly fileId: string; readonly result?: unknown };

/** Nothing but these fields. */
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

/** As the server is told. */
export const factsOf = (id: string, description: FileDescription, metadata: Metadata | null): UploadFacts =>
  Object.freeze({ ...description, id, type: description.type || 'application/octet-stream', metadata });
