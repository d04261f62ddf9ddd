/** Vaadin Upload: the whole file in one request, three files at a time. */

import '@vaadin/upload';
import { place, STORAGE } from '../support/page.ts';

const upload = document.createElement('vaadin-upload');
upload.target = `${STORAGE}/store/vaadin`;
upload.method = 'POST';
place().append(upload);

globalThis.contender = {
  send: (files) =>
    new Promise((resolve, reject) => {
      let stored = 0;
      upload.addEventListener('upload-success', () => {
        stored += 1;
        if (stored === files.length) resolve();
      });
      upload.addEventListener('upload-error', () => reject(new Error('an upload failed')));
      const input = upload.shadowRoot.querySelector('input[type=file]');
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      input.files = transfer.files;
      input.dispatchEvent(new Event('change'));
    }),
  widget: {
    input: () => upload.shadowRoot.querySelector('input[type=file]'),
    listed: () => upload.files.length,
    rows: () => upload.querySelectorAll('vaadin-upload-file').length,
    scroller: () => document.scrollingElement,
  },
};
