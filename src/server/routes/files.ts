/** `{base}/files…`: lists and opens the files in the caller's folder. */

import { readNumber } from '../../lib/json.js';
import type { Gateway } from '../gateway.js';
import { notFound } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import type { Route } from '../route.js';
import type { FileLibrary } from '../storage/storage.js';

/**
 * `GET …?cursor=…` → `{files: [{fileId, name, size, type?, storedAt?, url}], next?}`; `next` is the cursor of the next
 * page.
 */
const list: Route = {
  method: 'GET',
  path: 'files',
  handle: async ({ request, caller, calls }, gateway) => {
    const { basePath } = gateway.options;
    const cursor = new URL(request.url).searchParams.get('cursor');
    const { files, next } = await libraryOf(gateway).list(caller, cursor, calls);
    return jsonAnswer({
      files: files.map(({ fileId, name, size, type, storedAt }) => ({
        fileId,
        name,
        size,
        type,
        ...(storedAt !== undefined && { storedAt: new Date(storedAt).toISOString() }),
        url: `${basePath}/files/${encodeURIComponent(fileId)}`,
      })),
      next,
    });
  },
};

/** `GET …/{id}`: a redirect, or the bytes as a download, because files of other users must not run on this site. */
const open: Route = {
  method: 'GET',
  path: 'files/:id',
  handle: async ({ caller, id, calls }, gateway) => {
    const answer = await libraryOf(gateway).open(caller, decode(id), calls);
    if (readNumber(answer.status) === 302) return answer;
    const safe = new Response(answer.body, answer);
    safe.headers.set('X-Content-Type-Options', 'nosniff');
    safe.headers.set('Content-Security-Policy', "sandbox; default-src 'none'");
    if (!safe.headers.get('content-disposition')?.startsWith('attachment')) {
      safe.headers.set('Content-Disposition', 'attachment');
    }
    return safe;
  },
};

export const FILE_ROUTES: readonly Route[] = [list, open];

const libraryOf = ({ storage: { library } }: Gateway): FileLibrary => {
  if (library === undefined) throw notFound('there is no such route');
  return library;
};

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw notFound('there is no such file');
  }
};
