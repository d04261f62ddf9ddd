/** A page with nothing but the element. */

import '../../src/define.js';

document.body.append(document.createElement('fastio-upload'));
