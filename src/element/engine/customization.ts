/** What a page gives the element to adapt it: files that are stored already, texts, and what a row shows beside them. */

import type { TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isObject, readNumber, readString } from '../../lib/json.js';

/** A file that is stored already, as the page of an edit form knows it. */
export interface StoredEntry {
  readonly fileId: string;
  readonly name: string;
  /** Bytes; not shown when unknown. */
  readonly size?: number | undefined;
  /** MIME type. */
  readonly type?: string | undefined;
  /** Where the file can be opened; its name becomes a link. */
  readonly url?: string | undefined;
  /** A small picture of it. */
  readonly thumbnailUrl?: string | undefined;
}

/** One input that every row shows for its file; what it holds is sent as metadata under `name`. */
export interface FileField {
  readonly name: string;
  /** For people, beside the input. */
  readonly label: string;
  /** @default 'text' */
  readonly type?: 'text' | 'textarea' | 'number' | 'date' | 'checkbox' | 'select';
  /** Uploads do not begin before it is filled. @default false */
  readonly required?: boolean;
  /** Choices of a `select`. */
  readonly options?: readonly (string | { readonly value: string; readonly label: string })[];
  readonly placeholder?: string;
  /** Characters. */
  readonly maxLength?: number;
}

/** Own text for a failed upload; undefined leaves the built-in one. */
export type ErrorText = (upload: UploadSnapshot) => string | undefined;

/** Own content of a row, under its status. */
export type RowExtra = (upload: UploadSnapshot) => Node | TemplateResult | string | null;

/** Null when it has no id or no name, without which it is neither shown nor sent. */
const readEntry = (value: unknown): StoredEntry | null => {
  if (!isObject(value)) return null;
  const [fileId, name] = [readString(value.fileId), readString(value.name)];
  if (fileId === undefined || name === undefined) return null;
  return {
    fileId,
    name,
    size: readNumber(value.size),
    type: readString(value.type),
    url: readString(value.url),
    thumbnailUrl: readString(value.thumbnailUrl),
  };
};

/** The entries that can be shown; none when the value is no list. */
export const readStored = (value: unknown): readonly StoredEntry[] =>
  Array.isArray(value) ? value.map(readEntry).filter((entry) => entry !== null) : [];
