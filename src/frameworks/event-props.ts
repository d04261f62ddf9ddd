/** The events of the element under the names that JSX and Vue give to listeners. */

import { isShownOnly, type PassedOn } from '../element/events.js';
import type { Listeners } from '../element/page/settings.js';
import { ENGINE_EVENTS } from '../engine/upload/events.js';

/** `upload-complete` → `onUploadComplete`. */
const propOf = (name: string): string => `on-${name}`.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

export const EVENT_PROPS = Object.fromEntries(
  ENGINE_EVENTS.filter((name) => !isShownOnly(name)).map((name) => [propOf(name), name]),
) as { readonly [Name in keyof Listeners]-?: PassedOn };
