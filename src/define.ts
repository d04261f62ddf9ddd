/** Registers `<fastio-upload>`. Importing it is what has the effect; loading it twice does no harm. */

import { FastioUpload } from './element/fastio-upload.js';

if (!customElements.get('fastio-upload')) customElements.define('fastio-upload', FastioUpload);

export { FastioUpload };
