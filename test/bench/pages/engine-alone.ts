/** The engine without network and disk: requests are answered at once, and nothing is kept. */

import { type Transport, UploadEngine, type WireResponse } from '../../../src/preset.js';
import { sendAll } from '../support/send-all.js';

const BATCH = 100;

const answer = (url: string, json: unknown = {}): WireResponse => ({
  status: 200,
  url,
  header: () => null,
  text: JSON.stringify(json),
});

let granted = 0;

const grant = () => {
  granted += 1;
  return { uploadUrl: `https://storage.test/${granted}`, fileId: `${granted}` };
};

const OFFER = { version: 1, protocols: ['presigned'], urls: {}, chunkedAbove: 2 ** 50, mintBatch: BATCH };

const transport: Transport = {
  control: async ({ url, json }) => {
    const { files } = (json ?? {}) as { readonly files?: readonly unknown[] };
    return answer(url, files === undefined ? OFFER : { grants: files.map(grant) });
  },
  send: async ({ url }) => answer(url),
};

const engine = new UploadEngine({ endpoint: '/app/mint', resume: false }, { transport });

globalThis.contender = { send: (files) => sendAll(engine, files) };
