/** What kind of file it is, as far as a drawing can tell it. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { typesOf } from '../../lib/file-types.js';
import type { IconName } from '../icons.js';

export type TypeGroup = Extract<IconName, 'image' | 'video' | 'audio' | 'archive' | 'file'>;

const ARCHIVE = /zip|compressed|x-(tar|7z|rar|bzip)|gzip/;

/** A file without a type goes by its ending. */
export const typeGroupOf = (upload: UploadSnapshot): TypeGroup => {
  const type = typesOf(upload).at(-1) ?? '';
  const family = type.split('/')[0];
  if (family === 'image' || family === 'video' || family === 'audio') return family;
  return ARCHIVE.test(type) ? 'archive' : 'file';
};

/** Pictures that are worth a try; a drawing made of markup is never opened. */
export const mayHaveThumbnail = (upload: UploadSnapshot): boolean =>
  typeGroupOf(upload) === 'image' && !typesOf(upload).some((type) => type.startsWith('image/svg'));
