/** The public names. Importing this module does nothing: `define.ts` registers the tag. */

export type { Finding, FindingCode } from './element/doctor/doctor.js';
export type { ErrorText, FileField, RowExtra, StoredEntry } from './element/engine/customization.js';
export type { FastioUploadEventMap } from './element/events.js';
export type { StoredChanges } from './element/form/stored-files.js';
export { FastioUpload } from './element/tag.js';
export { ENGLISH } from './locales/en.js';
export type { Message, StringKey, Strings } from './locales/table.js';
export * from './preset.js';
