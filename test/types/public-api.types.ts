/** The public types as applications use them. Compiled and never run; a line that must not compile says so. */

import { startEmulator } from '../../src/emulator/index.js';
import type { FastioUpload } from '../../src/index.js';
import { type EngineEventMap, UploadEngine, type UploadErrorCode, type UploadSnapshot } from '../../src/preset.js';
import { createUploadHandler } from '../../src/server/index.js';
import { toNodeListener } from '../../src/server/node.js';
import { MemoryStore } from '../../src/stores/memory-store.js';

/** Compiles only when both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_proof: Same<A, B>): void => {};

// The engine without the element.
const engine = new UploadEngine(
  { endpoint: '/api/uploads', protocol: 'chunked', parallel: 4 },
  { store: new MemoryStore() },
);
engine.addEventListener('upload-complete', (event) => {
  same<typeof event.detail, EngineEventMap['upload-complete']>(true);
  const { fileId, upload } = event.detail;
  fileId.toUpperCase();
  // @ts-expect-error snapshots are read-only
  upload.state = 'done';
});
engine.addEventListener('upload-failed', ({ detail }) => {
  same<typeof detail.error.code, UploadErrorCode>(true);
});
// @ts-expect-error no such event
engine.addEventListener('upload-finished', (event: CustomEvent<{ x: 1 }>) => event.detail.x);
// @ts-expect-error no such option
new UploadEngine({ endpoints: '/api/uploads' });
// @ts-expect-error no such protocol
new UploadEngine({ endpoint: '/api/uploads', protocol: 'ftp' });

// The element, found by its tag.
const element = document.createElement('fastio-upload');
same<typeof element, FastioUpload>(true);
element.endpoint = '/api/uploads';
element.headers = async () => ({ 'X-CSRF-Token': 'token' });
element.addEventListener('upload-progress', (event) => {
  same<typeof event.detail.upload, UploadSnapshot>(true);
});
element.addEventListener('queue-complete', ({ detail }) => {
  const names: string[] = detail.completed.map(({ name }) => name);
  return names;
});
same<typeof element.uploads, readonly UploadSnapshot[]>(true);
const [snapshot] = element.uploads;
if (snapshot?.state === 'failed') snapshot.error?.code satisfies UploadErrorCode | undefined;

// The gateway.
const handler = createUploadHandler({
  apiKey: async () => 'key',
  workspaceId: '1',
  ticketSecret: 'at least thirty-two bytes of secret',
  authorize: (request) => (request.headers.has('cookie') ? { userId: 'ada', limits: { maxFileSize: 1e9 } } : null),
  onStored: ({ fileId, userId, size }) => void [fileId, userId, size],
});
same<typeof handler, (request: Request) => Promise<Response>>(true);
toNodeListener(handler);
// @ts-expect-error there is no open default
createUploadHandler({ apiKey: 'key', workspaceId: '1', ticketSecret: 'at least thirty-two bytes of secret' });

// The emulator.
export const emulatedStorage = async (): Promise<string[]> => {
  const emulator = await startEmulator({ port: 0, apiKey: 'key' });
  emulator.faults([{ match: { part: 2 }, times: 1, action: { type: 'status', status: 500 } }]);
  // @ts-expect-error no such fault
  emulator.faults([{ action: { type: 'explode' } }]);
  const names = emulator.files().map(({ name, sha256 }) => `${name} ${sha256}`);
  await emulator.close();
  return names;
};
