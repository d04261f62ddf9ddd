/**
 * The gateway in a Cloudflare Worker; README.md says how to deploy it. Bodies are streamed: a chunk of 100 MB passes
 * through 128 MB of memory.
 */

import { createUploadHandler } from 'fastio-upload/server';

/** One for the isolate: it remembers limits and paces all users of the key. */
let uploads;

const createUploads = (env) =>
  createUploadHandler({
    apiKey: env.FASTIO_API_KEY,
    workspaceId: env.FASTIO_WORKSPACE_ID,
    ticketSecret: env.TICKET_SECRET,
    upstream: env.FASTIO_UPSTREAM,
    protocols: ['fastio'],
    // Put your own session here: null is answered with 401.
    authorize: () => ({ userId: 'demo' }),
    onError: (error) => console.error(error.message, error.cause),
  });

export default {
  fetch(request, env, context) {
    if (!new URL(request.url).pathname.startsWith('/api/uploads')) return env.ASSETS.fetch(request);
    uploads ??= createUploads(env);
    const answer = uploads(request);
    // When a client leaves, the code of its request would just stop, and what it held of the gateway's be held for good.
    context.waitUntil(answer);
    return answer;
  },
};
