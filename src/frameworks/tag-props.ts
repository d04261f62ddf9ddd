/** What templates may say of the raw tag, by the names that each kind of template has for attributes and listeners. */

import type { FastioUploadEventMap, PassedOn } from '../element/events.js';
import type { SettingName, Settings } from '../element/page/settings.js';
import type { FastioUpload } from '../element/tag.js';

/** `max-files` for `maxFiles`. */
type Hyphenated<Name extends string> = Name extends `${infer Letter}${infer Rest}`
  ? Letter extends Lowercase<Letter>
    ? `${Letter}${Hyphenated<Rest>}`
    : `-${Lowercase<Letter>}${Hyphenated<Rest>}`
  : Name;

/** Settings as properties, and as attributes where those have names of their own. */
export type TagSettings = Settings & {
  readonly [Name in SettingName as Hyphenated<Name> extends Name ? never : Hyphenated<Name>]?:
    | FastioUpload[Name]
    | (FastioUpload[Name] extends boolean ? '' : never)
    | undefined;
};

/** Listeners under the names of the events, with what the template puts before them: `on`, `on:`, … */
export type TagListeners<Prefix extends string> = {
  readonly [Name in PassedOn as `${Prefix}${Name}`]?: ((event: FastioUploadEventMap[Name]) => void) | undefined;
};
