import { createUploadHandler } from 'fastio-upload/server';
import { env } from '$env/dynamic/private';

/** Put your own session here: null is answered with 401. @param {Request} _request */
export const authorize = (_request) => ({ userId: 'demo' });

/** Ids of stored files by their user: a table of your database, which all instances share. @type {Map<string, Set<string>>} */
const stored = new Map();

/**
 * Whether all are files that this user stored. A form brings ids as its sender likes, so each is checked against what
 * `onStored` told.
 * @param {string} userId
 * @param {readonly string[]} fileIds
 */
export const areOwn = (userId, fileIds) => fileIds.every((id) => stored.get(userId)?.has(id));

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
    authorize,
    onStored: ({ userId, fileId }) => {
      stored.set(userId, (stored.get(userId) ?? new Set()).add(fileId));
    },
    onError: (error) => console.error(error.message, error.cause),
  });
  return handler(request);
};
