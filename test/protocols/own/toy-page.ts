/** A page whose element speaks a protocol of its own. */

import '../../../src/define.js';
import { toyProtocol } from './toy-protocol.js';

const element = document.createElement('fastio-upload');
element.protocol = toyProtocol;
element.headers = { 'X-Page': 'yes' };
document.body.append(element);
