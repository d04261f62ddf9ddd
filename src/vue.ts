/**
 * Types of the tag for Vue templates, and a plugin; importing it registers the tag. Tell the compiler that the tag is no
 * component: `isCustomElement: (tag) => tag === 'fastio-upload'`.
 */

// At once: Vue sets as properties only what the element knows when it is made, and makes all else attributes.
import './define.js';
import type { DefineComponent, Plugin } from 'vue';
import type { Listeners, Settings } from './element/page/settings.js';

/** Attributes, properties and listeners of the element as a template sets them. */
export type FastioUploadProps = Settings & Listeners;

declare module 'vue' {
  interface GlobalComponents {
    'fastio-upload': DefineComponent<FastioUploadProps>;
    FastioUpload: DefineComponent<FastioUploadProps>;
  }
}

/** `createApp(App).use(fastioUpload)`: the way to import this module that no bundler leaves out. */
const fastioUpload: Plugin = { install() {} };

export default fastioUpload;
