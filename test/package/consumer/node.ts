/** The entries that a program in Node may use, compiled without the types of a page. */

import { startEmulator } from 'fastio-upload/emulator';
import { UploadEngine } from 'fastio-upload/engine';
import { createUploadHandler } from 'fastio-upload/server';
import { toNodeListener } from 'fastio-upload/server/node';
import { s3 } from 'fastio-upload/server/s3';
import { MemoryStore } from 'fastio-upload/stores/memory';

const engine = new UploadEngine(
  { endpoint: 'http://localhost:3000', credentials: 'omit' },
  { store: new MemoryStore() },
);
const stop = new AbortController();
engine.addEventListener('upload-complete', ({ detail }) => detail.fileId, { once: true, signal: stop.signal });

export { createUploadHandler, s3, startEmulator, toNodeListener };
