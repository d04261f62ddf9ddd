import type { SvelteHTMLElements } from 'svelte/elements';
import 'fastio-upload/svelte';

type Tag = SvelteHTMLElements['fastio-upload'];

export const right: Tag = { endpoint: '/api/uploads', 'max-files': 3, 'onupload-complete': ({ detail }) => detail.fileId };
// @ts-expect-error no such list
export const wrong: Tag = { list: 'some' };
// @ts-expect-error the event has no such detail
export const misheard: Tag = { 'onupload-failed': ({ detail }) => detail.fileId };
