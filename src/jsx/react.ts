/**
 * Types of `<fastio-upload>` in React's JSX. React 19 sets properties and hears events (`onupload-complete`); React 18
 * sets attributes only, for which `fastio-upload/react` is the better choice.
 */

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { SettingName } from '../element/page/settings.js';
import type { FastioUpload } from '../element/tag.js';
import type { TagListeners, TagSettings } from '../frameworks/tag-props.js';

type Html = Omit<DetailedHTMLProps<HTMLAttributes<FastioUpload>, FastioUpload>, SettingName>;

export type FastioUploadTag = Html & TagSettings & TagListeners<'on'> & { readonly class?: string | undefined };

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'fastio-upload': FastioUploadTag;
    }
  }
}
