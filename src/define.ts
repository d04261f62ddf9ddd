/**
 * Registers `<fastio-upload>`. Importing it is what has the effect; loading it twice does no harm, and on a server without
 * a registry of elements it does nothing.
 */

import { FastioUpload } from './element/tag.js';

const registry = (globalThis as { readonly customElements?: CustomElementRegistry }).customElements;

if (registry && !registry.get('fastio-upload')) registry.define('fastio-upload', FastioUpload);

export { FastioUpload };
