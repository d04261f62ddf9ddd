import { createUploadHandler } from 'fastio-upload/server';
import { env } from '$env/dynamic/private';

/** Made at the first request: a build has no environment. README.md says what has to be in it. */
let handler;

/** The gateway; the key stays on this side. @param {Request} request */
export const uploads = (request) => {
  handler ??= createUploadHandler({
    apiKey: env.FASTIO_API_KEY,
    workspaceId: env.FASTIO_WORKSPACE_ID,
    ticketSecret: env.TICKET_SECRET,
    upstream: env.FASTIO_UPSTREAM,
    protocols: ['fastio'],
    // Put your own session here: null is answered with 401.
    authorize: () => ({ userId: 'demo' }),
    onError: (error) => console.error(error.message, error.cause),
  });
  return handler(request);
};
