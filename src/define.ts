/** Registers `<fastio-upload>`. The only module whose import has an effect; loading it twice does no harm. */

import { FastioUpload } from './element/fastio-upload.js';

if (!customElements.get('fastio-upload')) customElements.define('fastio-upload', FastioUpload);

export { FastioUpload };
