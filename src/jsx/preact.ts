/** Types of `<fastio-upload>` in Preact's JSX. Listeners are `onupload-complete` and so on. */

import type { HTMLAttributes } from 'preact';
import type { SettingName } from '../element/page/settings.js';
import type { FastioUpload } from '../element/tag.js';
import type { TagListeners, TagSettings } from '../frameworks/tag-props.js';

export type FastioUploadTag = Omit<HTMLAttributes<FastioUpload>, SettingName> & TagSettings & TagListeners<'on'>;

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'fastio-upload': FastioUploadTag;
    }
  }
}
