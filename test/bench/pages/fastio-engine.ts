/** The engine alone, as shipped. */

import { type EngineOptions, UploadEngine } from '../../../src/preset.js';
import { STORAGE, variant } from '../support/page.js';
import { sendAll } from '../support/send-all.js';

const SETTINGS: Readonly<Record<string, Partial<EngineOptions>>> = {
  presigned: { endpoint: '/app/mint', protocol: 'auto' },
  each: { endpoint: '/app/mint/presigned', protocol: 'presigned' },
  chunked: { endpoint: `${STORAGE}/store/chunked`, protocol: 'chunked' },
  multipart: { endpoint: '/app/multipart', protocol: 'multipart' },
  // This project's gateway, with the emulator behind it, which hashes and keeps every byte.
  gateway: { endpoint: '/api/uploads', protocol: 'auto' },
};

/** `chunked`, or with fixed settings `chunked:parallel=4:partSize=1048576`. */
const [name = '', ...fixed] = variant.split(':');
const fixedOptions = Object.fromEntries(
  fixed.map((pair) => pair.split('=')).map(([key, value]) => [key, Number(value)]),
);

const engine = new UploadEngine({ ...SETTINGS[name], ...fixedOptions });

// As an element does when it comes onto a page: it brings the code of the protocol, and the limits of the backend.
await engine.discover();

globalThis.contender = { send: (files) => sendAll(engine, files) };
