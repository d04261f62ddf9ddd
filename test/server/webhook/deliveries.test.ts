/** The emulator's sender and our receiver, which share no code, over real HTTP. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startEmulator } from '../../../src/emulator/index.js';
import { createWebhookHandler, type FileStoredEvent } from '../../../src/server/index.js';
import { toNodeListener } from '../../../src/server/node.js';
import { listen, signalled } from '../support/loopback.js';
import { API_KEY } from '../support/scripted-upstream.js';
import { SECRET } from './signing.js';

describe('a webhook that the storage delivers', () => {
  for (const header of ['w1', 'w2'] as const) {
    it(`is believed, and names the stored file (${header})`, async (context) => {
      const stored = signalled<FileStoredEvent>();
      const options = { secrets: ['the next secret', SECRET], onStored: stored.resolve };
      const url = await listen(context, toNodeListener(createWebhookHandler(options)));
      const storage = await startEmulator({ apiKey: API_KEY, webhooks: { url, secrets: [SECRET], header } });
      context.after(() => storage.close());
      const form = new FormData();
      for (const [name, value] of Object.entries({ name: 'a.txt', size: '3', action: 'create', instance_id: 'ws_1' })) {
        form.append(name, value);
      }
      form.append('chunk', new Blob(['abc']));
      const headers = { Authorization: `Bearer ${API_KEY}` };
      await fetch(`${storage.url}/current/upload/`, { method: 'POST', headers, body: form });
      const { type, name, size, workspaceId, fileId } = await stored.promise;
      assert.deepEqual([type, name, size, workspaceId], ['file.uploaded', 'a.txt', 3, 'ws_1']);
      assert.equal((await storage.files())[0]?.fileId, fileId);
    });
  }
});
