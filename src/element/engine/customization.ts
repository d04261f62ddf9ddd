/** How a page customizes the element: files that are already stored, its own texts, and additional content of rows. */

import type { TemplateResult } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import { isObject, readNumber, readString } from '../../lib/json.js';

/** A file that is already stored, as the page of an edit form knows it. */
export interface StoredEntry {
  readonly fileId: string;
  readonly name: string;
  /** Bytes; not shown when unknown. */
  readonly size?: number | undefined;
  /** MIME type. */
  readonly type?: string | undefined;
  /** URL of the file, which makes its name a link. */
  readonly url?: string | undefined;
  /** URL of a small picture. */
  readonly thumbnailUrl?: string | undefined;
}

/** An input in the row of each file; its value is sent as metadata under `name`. */
export interface FileField {
  readonly name: string;
  /** Text beside the input. */
  readonly label: string;
  /** @default 'text' */
  readonly type?: 'text' | 'textarea' | 'number' | 'date' | 'checkbox' | 'select';
  /** Uploads do not start before it has a value. @default false */
  readonly required?: boolean;
  /** Options of a `select`. */
  readonly options?: readonly (string | { readonly value: string; readonly label: string })[];
  readonly placeholder?: string;
  /** Maximum number of characters. */
  readonly maxLength?: number;
}

/** Custom text for a failed upload; undefined keeps the built-in one. */
export type ErrorText = (upload: UploadSnapshot) => string | undefined;

/** Custom content of a row, below its status. */
export type RowExtra = (upload: UploadSnapshot) => Node | TemplateResult | string | null;

/** Null without an id and a name, because the entry could be neither shown nor sent. */
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

/** The valid entries; empty when the value is not an array. */
export const readStored = (value: unknown): readonly StoredEntry[] =>
  Array.isArray(value) ? value.map(readEntry).filter((entry) => entry !== null) : [];
