/** The page: one `<fastio-upload>` in the chosen protocol, and what surrounds it. */

import '../src/define.js';
import { showEvents } from './event-log.js';
import { wireNetworkSwitch } from './network-switch.js';
import { showStoredFiles } from './stored-files.js';
import { wireUserMenu } from './user-menu.js';
import { currentVariant, showVariants, VARIANTS } from './variants.js';

const byId = <T extends HTMLElement>(id: string): T => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element "${id}".`);
  return element as T;
};

const variant = currentVariant();
const upload = document.createElement('fastio-upload');
for (const [name, value] of Object.entries(variant.attributes)) upload.setAttribute(name, value);

showVariants(VARIANTS, variant, { nav: byId('protocols'), hint: byId('protocol-hint'), markup: byId('markup') });
showEvents(upload, { list: byId('events'), clear: byId('clear-events') });
const bucket = variant.name === 's3' ? variant.attributes.endpoint : undefined;
const stored = showStoredFiles({ list: byId('stored'), clear: byId('clear-stored') }, bucket);
upload.addEventListener('upload-complete', () => stored.refreshSoon());
wireNetworkSwitch({ toggle: byId('network'), note: byId('network-note') });
wireUserMenu(byId('user'));

byId('mount').append(upload);
