/** The wrappers as applications use them. Compiled and never run; a line that must not compile says so. */

import type { LitElement } from 'lit';
import { createElement, createRef } from 'react';
import { createApp, type GlobalComponents } from 'vue';
import type { SettingName } from '../../src/element/page/settings.js';
import type { FastioUpload as FastioUploadElement, Protocol } from '../../src/index.js';
import { FastioUpload, useUploadEngine } from '../../src/react.js';
import fastioUpload, { type FastioUploadProps, useUploadEngine as useInVue } from '../../src/vue.js';

const ref = createRef<FastioUploadElement>();

createElement(FastioUpload, {
  ref,
  endpoint: '/api/uploads',
  maxFileSize: '5 GB',
  submitWhenDone: true,
  headers: async () => ({ 'X-CSRF-Token': 'token' }),
  className: 'wide',
  onUploadComplete: ({ detail }) => detail.fileId.toUpperCase(),
  onUploadsRestored: ({ detail }) => detail.uploads.length,
});
ref.current?.prioritize('one');

// @ts-expect-error no such setting
createElement(FastioUpload, { endpoints: '/api/uploads' });
// @ts-expect-error no such protocol
createElement(FastioUpload, { protocol: 'ftp' });
// @ts-expect-error the event has a detail of its own
createElement(FastioUpload, { onUploadFailed: ({ detail }) => detail.fileId });

createElement('fastio-upload', { endpoint: '/api/uploads', className: 'wide' });

createApp({}).use(fastioUpload);
const props: FastioUploadProps = { endpoint: '/api/uploads', onUploadComplete: ({ detail }) => detail.fileId };
// @ts-expect-error no such list
const wrong: FastioUploadProps = { list: 'some' };

// A protocol of one's own, as `UploadEngine` takes it.
declare const own: Protocol;
useUploadEngine({ endpoint: '/api/uploads', protocol: own });
useInVue(() => ({ endpoint: '/api/uploads', protocol: own }));
// @ts-expect-error no such protocol
useUploadEngine({ protocol: 'ftp' });

/** Properties of the element that can be set: all of them are settings, and nothing else is. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Own = Omit<FastioUploadElement, keyof LitElement>;
type Settable = {
  [Name in keyof Own]: Same<Pick<Own, Name>, Readonly<Pick<Own, Name>>> extends true
    ? never
    : Own[Name] extends (...args: never) => unknown
      ? never
      : Name;
}[keyof Own];
const settable: Same<Settable, SettingName> = true;

export type Registered = GlobalComponents['fastio-upload'];
export { props, settable, wrong };
