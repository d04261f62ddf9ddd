/** Types of `<fastio-upload>` in Svelte's templates. Listeners are `onupload-complete` and so on. */

import type { HTMLAttributes } from 'svelte/elements';
import type { SettingName } from './element/page/settings.js';
import type { FastioUpload } from './element/tag.js';
import type { TagListeners, TagSettings } from './frameworks/tag-props.js';

export type FastioUploadTag = Omit<HTMLAttributes<FastioUpload>, SettingName> & TagSettings & TagListeners<'on'>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'fastio-upload': FastioUploadTag;
  }
}
