/** An upstream that speaks the `/current/` API, and a gateway that offers nothing else. */

import type { UploadHandlerOptions } from '../../../../src/server/index.js';
import { gatewayOver, ScriptedUpstream, type SeenRequest, type Send } from '../../support/scripted-upstream.js';

export const OPEN = 'POST /current/upload/';
export const BATCH = 'POST /current/upload/batch/';
export const SESSION = '/current/upload/up1/';
export const NODE = 'GET /current/workspace/ws_1/storage/node1/details/';

const yes = (payload: object) => Response.json({ result: 'yes', response: payload });

/** Opens the session `up1`; details are what `session` says. */
export const currentUpstream = (session: object = { status: 'stored', new_file_id: 'node1' }): ScriptedUpstream =>
  new ScriptedUpstream()
    .on('GET /current/upload/limits/', () => yes({ chunk_size: 100e6, size: 1e9, chunks: 35, plan_secret: 'x' }))
    .on('GET /current/upload/algos/', () => yes({ algos: ['sha256', 'crc32c'] }))
    .on(OPEN, () => yes({ id: 'up1' }))
    .on(`POST ${SESSION}chunk/`, () => new Response('{"result":true}', { headers: { 'x-ve-limit-avail': '7' } }))
    .on(`GET ${SESSION}chunk/`, () => yes({ chunks: { 1: 5, 2: 4 } }))
    .on(`GET ${SESSION}details/`, () => yes({ session: { id: 'up1', ...session } }))
    .on(`POST ${SESSION}complete/`, () => yes({}))
    .on(`DELETE ${SESSION}`, () => yes({}))
    .on(NODE, () => yes({ node: { id: 'node1', type: 'file', name: 'a.bin', size: 9 } }));

export const fastioOver = (upstream: ScriptedUpstream, options: Partial<UploadHandlerOptions> = {}): Send =>
  gatewayOver(upstream, { protocols: ['fastio'], ...options });

export const asForm = (fields: Readonly<Record<string, string>>) => ({ body: new URLSearchParams(fields) });

export const asMultipart = (fields: Readonly<Record<string, string>>, files: Readonly<Record<string, Blob>>) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  for (const [name, blob] of Object.entries(files)) body.append(name, blob, `${name}.x`);
  return { body };
};

export const FILE = { name: 'a.bin', size: '9', action: 'create' };

/** Five bytes as the first chunk: the query, and the body. */
export const CHUNK = '?order=1&size=5';
export const chunk = (text = '12345') => asMultipart({}, { chunk: new Blob([text]) });

export const openUp = async (
  send: Send,
  fields: Readonly<Record<string, string>> = FILE,
  user = 'ann',
): Promise<string> => (await (await send('POST', '/current/upload/', { ...asForm(fields), user })).json()).id;

/** The form that the upstream was sent. */
export const formOf = async ({ headers, text }: SeenRequest): Promise<Record<string, string>> => {
  const type = headers.get('content-type') ?? '';
  const form = await new Response(text, { headers: { 'Content-Type': type } }).formData();
  const entries = await Promise.all(
    Array.from(form, async ([name, value]) => [name, typeof value === 'string' ? value : `file:${await value.text()}`]),
  );
  return Object.fromEntries(entries);
};
