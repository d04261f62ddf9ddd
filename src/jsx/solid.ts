/** Types of `<fastio-upload>` in Solid's JSX. Listeners are `on:upload-complete` and so on. */

import type { JSX } from 'solid-js';
import type { SettingName } from '../element/page/settings.js';
import type { FastioUpload } from '../element/tag.js';
import type { TagListeners, TagSettings } from '../frameworks/tag-props.js';

export type FastioUploadTag = Omit<JSX.HTMLAttributes<FastioUpload>, SettingName> & TagSettings & TagListeners<'on:'>;

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'fastio-upload': FastioUploadTag;
    }
  }
}
