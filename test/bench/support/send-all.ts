import type { UploadEngine } from '../../../src/preset.js';

/** Resolves when all files are stored. @throws Error when one is not. */
export const sendAll = (engine: UploadEngine, files: readonly File[]): Promise<void> =>
  new Promise((resolve, reject) => {
    let stored = 0;
    engine.addEventListener('upload-complete', () => {
      stored += 1;
      if (stored === files.length) resolve();
    });
    engine.addEventListener('upload-failed', ({ detail: { error } }) => {
      reject(new Error(`${stored} of ${files.length} uploads ended well: ${error.message}`));
    });
    engine.addFiles(files);
  });
