/**
 * Registers `<fastio-upload>` when it is imported. Loading it twice is harmless, and without `customElements`, as on a
 * server, it does nothing.
 */

import { FastioUpload } from './element/tag.js';

const registry = (globalThis as { readonly customElements?: CustomElementRegistry }).customElements;

if (registry && !registry.get('fastio-upload')) registry.define('fastio-upload', FastioUpload);

export { FastioUpload };
