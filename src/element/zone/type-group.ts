/** What kind of file it is, as far as a drawing can tell it. */

import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { IconName } from '../icons.js';

export type TypeGroup = Extract<IconName, 'image' | 'video' | 'audio' | 'archive' | 'file'>;

const ARCHIVE = /zip|compressed|x-(tar|7z|rar|bzip)|gzip/;

export const typeGroupOf = ({ type }: UploadSnapshot): TypeGroup => {
  const family = type.split('/')[0];
  if (family === 'image' || family === 'video' || family === 'audio') return family;
  return ARCHIVE.test(type) ? 'archive' : 'file';
};

/** Pictures that are worth a try; a drawing made of markup is never opened. */
export const mayHaveThumbnail = ({ type }: UploadSnapshot): boolean =>
  type.startsWith('image/') && !type.startsWith('image/svg');
