/** The kind of a file, which decides the colour and icon of its badge. */

import type { TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { type IconName, icons } from '../icons.js';

export type FileKind = 'image' | 'video' | 'audio' | 'archive' | 'pdf' | 'document' | 'table' | 'file';

const BY_TYPE: readonly (readonly [RegExp, FileKind])[] = [
  [/^image/, 'image'],
  [/^video/, 'video'],
  [/^audio/, 'audio'],
  [/pdf$/, 'pdf'],
  [/zip|compressed|x-(tar|7z|rar|bzip)|iso9660|diskimage/, 'archive'],
  [/sheet|excel|csv/, 'table'],
  [/word|document|presentation|powerpoint|rtf/, 'document'],
];

/** For types that browsers do not know. */
const BY_ENDING: Readonly<Record<string, FileKind>> = {
  heic: 'image',
  heif: 'image',
  mkv: 'video',
  '7z': 'archive',
  zip: 'archive',
  rar: 'archive',
  tar: 'archive',
  gz: 'archive',
  iso: 'archive',
  dmg: 'archive',
  pdf: 'pdf',
  doc: 'document',
  docx: 'document',
  odt: 'document',
  pages: 'document',
  ppt: 'document',
  pptx: 'document',
  xls: 'table',
  xlsx: 'table',
  numbers: 'table',
};

export const kindOf = ({ type, name }: Pick<UploadSnapshot, 'type' | 'name'>): FileKind =>
  BY_TYPE.find(([pattern]) => pattern.test(type))?.[1] ??
  BY_ENDING[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ??
  'file';

export const iconOf = (kind: FileKind): TemplateResult => (kind in icons ? icons[kind as IconName] : icons.file);

/** Images and videos; SVG is never opened, because it may contain scripts. */
export const mayHaveThumbnail = ({ type }: Pick<UploadSnapshot, 'type'>): boolean =>
  /^(image\/(?!svg)|video\/)/.test(type);
