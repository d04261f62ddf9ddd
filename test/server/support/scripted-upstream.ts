/** An upstream without a network: the test says what it answers, and reads what it was asked. Anything else fails. */

import { createUploadHandler, type UploadHandler, type UploadHandlerOptions } from '../../../src/server/index.js';

export const API_KEY = 'sk_live_3f9a6c';
export const SECRET = 'a secret of more than thirty-two bytes';
export const ORIGIN = 'https://app.example';
export const WORKSPACE = 'ws_1';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

type Answer = (request: SeenRequest) => Response | Promise<Response>;

const parse = (text: string): Record<string, unknown> => (text.startsWith('{') ? JSON.parse(text) : {});

export class ScriptedUpstream {
  readonly seen: SeenRequest[] = [];
  readonly #answers = new Map<string, Answer>();

  /** `route` is a method and a path, for example `GET /v1/files/1`. The last answer given to a route counts. */
  on(route: string, answer: Answer): this {
    this.#answers.set(route, answer);
    return this;
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const request = new Request(url, init);
    const { pathname, search } = new URL(url);
    const text = await request.text();
    const { method, headers } = request;
    const seen = { method, path: pathname, query: search.slice(1), headers, text, json: parse(text) };
    this.seen.push(seen);
    const answer = this.#answers.get(`${request.method} ${pathname}`);
    if (answer === undefined) throw new Error(`the script has no answer to ${request.method} ${pathname}`);
    return answer(seen);
  };

  /** What was asked under this route. */
  asked(route: string): SeenRequest[] {
    return this.seen.filter(({ method, path }) => `${method} ${path}` === route);
  }
}

export const MINT = `POST /v1/workspaces/${WORKSPACE}/presigned-urls`;
export const INIT = 'POST /v1/uploads/chunked/init';
export const SESSION = '/v1/uploads/chunked/up_1';
export const GRANT_URL = 'https://storage.example/put/f_1?signature=5ec2e7';

/** Grants `f_1`, `f_2`, …; opens the session `up_1`, takes its two parts of nine bytes and completes it as `f_9`. */
export const workingUpstream = (): ScriptedUpstream => {
  let files = 0;
  return (
    new ScriptedUpstream()
      .on(MINT, () => Response.json({ url: GRANT_URL, fileId: `f_${++files}` }))
      .on(INIT, () => Response.json({ upload_id: 'up_1', part_size: 5, max_parts: 100, max_parallel: 4 }))
      .on(`PUT ${SESSION}/parts`, () => new Response(null, { headers: { ETag: '"abc"', 'x-ve-limit-avail': '7' } }))
      .on(`GET ${SESSION}`, () =>
        Response.json({
          parts: [
            { part_number: 1, etag: 'abc', size: 5 },
            { part_number: 2, etag: 'def', size: 4 },
          ],
        }),
      )
      // No such question, as with an upstream that keeps no records.
      .on(`GET /v1/workspaces/${WORKSPACE}/files/f_9`, () => new Response(null, { status: 404 }))
      .on(`POST ${SESSION}/complete`, () => Response.json({ file_id: 'f_9', internal: 'not for the browser' }))
      .on(`DELETE ${SESSION}`, () => new Response(null, { status: 204 }))
  );
};

/** The user is the one that the header `x-user` names; without it there is none. */
export const authorize: UploadHandlerOptions['authorize'] = (request) => {
  const userId = request.headers.get('x-user');
  return userId === null ? null : { userId };
};

export interface Sent {
  readonly json?: unknown;
  readonly body?: RequestInit['body'];
  readonly headers?: Readonly<Record<string, string>>;
  /** @default 'ann'; null is a request without a user */
  readonly user?: string | null;
  readonly signal?: AbortSignal;
}

/** Calls the handler as a page of its own origin does. */
export type Send = (method: string, path: string, sent?: Sent) => Promise<Response>;

export const gatewayOver = (upstream: ScriptedUpstream, options: Partial<UploadHandlerOptions> = {}): Send => {
  const handler = createUploadHandler({
    apiKey: API_KEY,
    workspaceId: WORKSPACE,
    upstream: 'https://api.example',
    ticketSecret: SECRET,
    authorize,
    fetch: upstream.fetch,
    ...options,
  });
  return sendThrough(handler);
};

export const sendThrough =
  (handler: UploadHandler): Send =>
  (method, path, { json, body, headers, user = 'ann', signal } = {}) =>
    handler(
      new Request(`${ORIGIN}/api/uploads${path}`, {
        method,
        headers: {
          'Sec-Fetch-Site': 'same-origin',
          ...(user !== null && { 'x-user': user }),
          ...(json !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        ...(body !== undefined && { body, duplex: 'half' }),
        ...(signal !== undefined && { signal }),
      }),
    );

/** Status and error code, the two things a browser decides by. */
export const refusal = async (response: Response): Promise<[number, string]> => {
  const { error } = await response.json();
  return [response.status, error.code];
};
