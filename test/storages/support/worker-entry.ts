/** The Worker itself. */

import { createUploadHandler, type UploadHandler } from '../../../src/server/index.js';
import { gatewayOptions } from './gateway-options.js';

let uploads: UploadHandler | undefined;

export default {
  fetch(request: Request, env: { readonly VALUES: string }, context: { waitUntil(promise: Promise<unknown>): void }) {
    uploads ??= createUploadHandler(gatewayOptions(JSON.parse(env.VALUES)));
    const answer = uploads(request);
    // When a client leaves, the code of its request would just stop, and what it held of the gateway's be held for good.
    context.waitUntil(answer);
    return answer;
  },
};
