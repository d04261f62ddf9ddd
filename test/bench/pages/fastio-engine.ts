/** The engine alone, as shipped. */

import { type EngineOptions, UploadEngine } from '../../../src/preset.js';
import { STORAGE, variant } from '../support/page.js';

const SETTINGS: Readonly<Record<string, Partial<EngineOptions>>> = {
  presigned: { endpoint: '/app/mint', protocol: 'auto' },
  chunked: { endpoint: `${STORAGE}/store/chunked`, protocol: 'chunked' },
  // This project's gateway, with the emulator behind it, which hashes and keeps every byte.
  gateway: { endpoint: '/api/uploads', protocol: 'auto' },
};

const engine = new UploadEngine(SETTINGS[variant] ?? {});

globalThis.contender = {
  send: (files) =>
    new Promise((resolve, reject) => {
      engine.addEventListener(
        'queue-complete',
        ({ detail: { completed } }) => {
          const failure = engine.uploads.find(({ state }) => state === 'failed')?.error;
          if (completed.length === files.length) resolve();
          else reject(new Error(`${completed.length} of ${files.length} uploads ended well: ${failure?.message}`));
        },
        { once: true },
      );
      engine.addFiles(files);
    }),
};
