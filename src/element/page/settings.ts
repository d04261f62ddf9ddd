/** The properties that frameworks may set, and the names of their event listeners. */

import type { FastioUploadEventMap, PassedOn } from '../events.js';
import type { FastioUpload } from '../fastio-upload.js';

export const SETTINGS = [
  ...(['endpoint', 'protocol', 'confirmEndpoint', 'multiple', 'accept', 'capture', 'directory', 'maxFiles'] as const),
  ...(['maxFileSize', 'minFileSize', 'maxTotalSize', 'noAuto', 'submitWhenDone', 'noResume', 'parallel'] as const),
  ...([
    'partSize',
    'checksums',
    'retryWindow',
    'duplicates',
    'pageDrop',
    'paste',
    'metadata',
    'workspaceId',
    'folderId',
  ] as const),
  ...(['credentials', 'list', 'headers', 'strings', 'engine', 'name', 'required', 'disabled'] as const),
  ...(['view', 'fileField', 'stored', 'errorText', 'rowExtra', 'fields', 'prepare'] as const),
] as const satisfies readonly (keyof FastioUpload)[];

export type SettingName = (typeof SETTINGS)[number];

export type Settings = { readonly [Name in SettingName]?: FastioUpload[Name] | undefined };

type Capitals<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${Capitals<Tail>}`
  : Capitalize<Name>;

/** `onUploadComplete` for `upload-complete`, and so on. */
export type Listeners = {
  readonly [Name in PassedOn as `on${Capitals<Name>}`]?: (event: FastioUploadEventMap[Name]) => void;
};
