/** A Preact application with the raw tag, and values of every kind on it. */

import { h, render } from 'preact';
import '../../src/define.js';
import type { FastioUpload } from '../../src/index.js';

const heard: string[] = [];
const page = { heard, find: () => document.querySelector('fastio-upload') };
Object.assign(window, { page });

const App = ({ disabled }: { readonly disabled: boolean }) =>
  h('fastio-upload', {
    class: 'wide',
    endpoint: '/grants',
    protocol: 'form',
    noResume: true,
    disabled,
    maxFiles: 2,
    headers: { 'X-Tenant': 'ada' },
    'onupload-complete': ({ detail }: CustomEvent<{ readonly fileId: string }>) => heard.push(detail.fileId),
  });

const root = document.body.appendChild(document.createElement('div'));
render(h(App, { disabled: true }), root);
render(h(App, { disabled: false }), root);

export interface PreactWindow {
  readonly page: { readonly heard: readonly string[]; find(): FastioUpload };
}
