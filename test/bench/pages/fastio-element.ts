/** The element, as a page has it. */

import { FastioUpload } from '../../../src/index.js';
import { place, variant } from '../support/page.js';

customElements.define('fastio-upload', FastioUpload);
const element = document.createElement('fastio-upload');
element.setAttribute('multiple', '');
element.setAttribute('endpoint', variant === 'gateway' ? '/api/uploads' : '/app/mint');
if (variant === 'grid') element.setAttribute('view', 'grid');
place().append(element);

const inside = <Type extends Element>(selector: string): Type => {
  const found = element.shadowRoot?.querySelector<Type>(selector);
  if (!found) throw new Error(`the element has no ${selector}`);
  return found;
};

globalThis.contender = {
  send: (files) =>
    new Promise((resolve, reject) => {
      const settle = ({ detail: { completed } }: CustomEvent<{ completed: readonly unknown[] }>) =>
        completed.length === files.length ? resolve() : reject(new Error('an upload failed'));
      element.addEventListener('queue-complete', settle as EventListener, { once: true });
      element.addFiles(files);
    }),
  widget: {
    input: () => inside<HTMLInputElement>('input[type=file]:not([webkitdirectory])'),
    listed: () => element.uploads.length,
    rows: () => element.shadowRoot?.querySelectorAll('[data-id]').length ?? 0,
    scroller: () => inside('.scroller'),
  },
};
