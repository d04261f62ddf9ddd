/**
 * Types of the tag for Vue templates, and a plugin that registers it. Tell the compiler that the tag is no component:
 * `isCustomElement: (tag) => tag === 'fastio-upload'`.
 */

import type { DefineComponent, Plugin } from 'vue';
import type { Listeners, Settings } from './element/settings.js';

/** Attributes, properties and listeners of the element as a template sets them. */
export type FastioUploadProps = Settings & Listeners;

declare module 'vue' {
  interface GlobalComponents {
    'fastio-upload': DefineComponent<FastioUploadProps>;
    FastioUpload: DefineComponent<FastioUploadProps>;
  }
}

/** `createApp(App).use(fastioUpload)`. Does nothing on a server. */
const fastioUpload: Plugin = {
  install() {
    if (typeof document !== 'undefined') void import('./define.js');
  },
};

export default fastioUpload;
