/** A gateway over an emulator that listens, both closed at the end of the test. */

import type { TestContext } from 'node:test';
import { type StartOptions, startEmulator } from '../../../src/emulator/index.js';
import { createUploadHandler, fastio, type UploadHandlerOptions } from '../../../src/server/index.js';
import { authorize, SECRET, type Send, sendThrough, WORKSPACE } from './scripted-upstream.js';

const FAST = { assemble: 1, assembling: 1, complete: 1, store: 1, storing: 1 };
/** Files are stored when their session is completed, so that the gateway does not poll. */
export const AT_ONCE = { assemble: 0, assembling: 0, complete: 0, store: 0, storing: 0 };

export const realStorage = async (context: TestContext, options: StartOptions = {}) => {
  const emulator = await startEmulator({ ...options, current: { stages: FAST, ...options.current } });
  context.after(() => emulator.close());
  const gateway = (more: Partial<UploadHandlerOptions> = {}): Send =>
    sendThrough(
      createUploadHandler({
        storage: fastio({ apiKey: emulator.apiKey, workspaceId: WORKSPACE, upstream: emulator.url }),
        ticketSecret: SECRET,
        authorize,
        ...more,
      }),
    );
  return { emulator, gateway };
};
