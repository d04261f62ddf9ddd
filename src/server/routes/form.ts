/**
 * `POST {base}/form`: stores the files of a plain form in one request. A page without scripts sends its form here, and
 * the browser gets a page as the answer; other clients get JSON.
 */

import { isObject, parseJson } from '../../lib/json.js';
import { type FormPart, readBoundary } from '../../lib/read-multipart.js';
import type { Gateway } from '../gateway.js';
import { atMost } from '../http/counted.js';
import { badRequest, HttpError, notFound } from '../http/http-error.js';
import { jsonAnswer } from '../http/json-answer.js';
import { readForm, readText } from '../http/multipart/read-form.js';
import { inspected } from '../inspect/inspect-bytes.js';
import type { StoredFile } from '../options/options.js';
import type { Call, Route } from '../route.js';

/** Maximum size of all plain fields together, in bytes. */
const FIELD_BYTES = 64 * 2 ** 10;
/** Maximum number of files of a form without a `maxFiles` limit. */
const MAX_FILES = 100;
/** Field with a path of this site to redirect to afterwards. */
const REDIRECT_FIELD = 'redirect';
/** Field with the path of the next file in the folder that was chosen; the protocol `form` sends it. */
const PATH_FIELD = 'relativePath';
/** Field with metadata as a JSON object. */
const METADATA_FIELD = 'metadata';
/** Fields that are not metadata themselves. */
const OWN_FIELDS: ReadonlySet<string> = new Set([REDIRECT_FIELD, PATH_FIELD, METADATA_FIELD]);

interface FormAnswer {
  readonly files: readonly (StoredFile & { readonly result: unknown })[];
  readonly redirect: string | undefined;
}

export const form: Route = {
  method: 'POST',
  path: 'form',
  handle: async (call, gateway) => {
    const { body, headers } = call.request;
    const boundary = readBoundary(headers.get('content-type'));
    if (boundary === null || body === null) throw badRequest('files must be sent as multipart/form-data');
    const parts = readForm(body, boundary);
    try {
      return toResponse(await storeAll(parts, call, gateway), call.request);
    } finally {
      // Not awaited, because a client that has stopped sending would delay the answer.
      void parts.return(undefined);
    }
  },
};

const storeAll = async (parts: AsyncGenerator<FormPart>, call: Call, gateway: Gateway): Promise<FormAnswer> => {
  const fields = new Map<string, string>();
  const files: FormAnswer['files'][number][] = [];
  let fieldBytes = FIELD_BYTES;
  for await (const part of parts) {
    if (part.fileName === null) {
      const text = await readText(part.bytes, fieldBytes);
      fieldBytes -= text.length + part.name.length;
      if (fieldBytes < 0) throw new HttpError(413, 'too-large', 'the fields of the form are too long');
      fields.set(part.name, text);
      continue;
    }
    // A file input without a selection sends one part without a name and bytes.
    if (part.fileName === '') continue;
    if (files.length >= (call.caller.limits.maxFiles ?? MAX_FILES)) {
      throw new HttpError(413, 'too-large', 'the form has too many files');
    }
    files.push(await storeOne({ ...part, fileName: part.fileName }, fields, call, gateway));
  }
  if (files.length === 0) throw badRequest('the form has no file');
  return { files, redirect: fields.get(REDIRECT_FIELD) };
};

const storeOne = async (
  part: FormPart & { readonly fileName: string },
  fields: ReadonlyMap<string, string>,
  { caller, calls }: Call,
  gateway: Gateway,
): Promise<FormAnswer['files'][number]> => {
  const { whole } = gateway.storage;
  if (whole === undefined) throw notFound('there is no such route');
  const wanted = {
    name: part.fileName,
    size: null,
    type: part.type ?? 'application/octet-stream',
    relativePath: fields.get(PATH_FIELD),
    metadata: metadataOf(fields),
  };
  const file = await gateway.admit(wanted, caller, 'form');
  const { maxFileSize = Number.POSITIVE_INFINITY } = caller.limits;
  const bytes = inspected(atMost(part.bytes, maxFileSize), file, caller, gateway.options.inspectBytes);
  const { size: _, ...facts } = file;
  const { fileId, name, size, type = file.type, digest } = await whole.store(facts, bytes, calls);
  const stored: StoredFile = {
    ...facts,
    fileId,
    userId: caller.userId,
    name,
    size,
    type,
    ...(digest !== undefined && { digest }),
    protocol: 'form',
  };
  const { result } = await gateway.storedHook.call(`form ${crypto.randomUUID()}`, () => stored);
  return { ...stored, result };
};

/** The fields before the file, and those of the JSON object in `METADATA_FIELD`. */
const metadataOf = (fields: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> => {
  const others = Object.fromEntries([...fields].filter(([name]) => !OWN_FIELDS.has(name)));
  const metadata = fields.get(METADATA_FIELD);
  const parsed = metadata === undefined ? null : parseJson(metadata);
  return isObject(parsed) ? { ...others, ...parsed } : others;
};

const toResponse = ({ files, redirect }: FormAnswer, request: Request): Response => {
  if (redirect !== undefined && isOwnPath(redirect)) {
    return new Response(null, { status: 303, headers: { Location: redirect } });
  }
  const answers = files.map(({ fileId, name, size, type, result }) => ({ fileId, name, size, type, result }));
  if (acceptsHtml(request)) return pageOf(answers.map(({ name }) => name));
  const [first] = answers;
  return jsonAnswer({ fileId: first?.fileId, result: first?.result, files: answers });
};

/** A path of this site: two slashes, or a slash and a backslash, would begin with the name of another host. */
const isOwnPath = (path: string): boolean => /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path);

/** A navigation accepts HTML first; scripts accept anything or JSON. */
const acceptsHtml = ({ headers }: Request): boolean => /^\s*text\/html\b/i.test(headers.get('accept') ?? '');

const pageOf = (names: readonly string[]): Response => {
  const items = names.map((name) => `<li>${escapeHtml(name)}</li>`).join('');
  const html = `<!doctype html><meta charset="utf-8"><title>Uploaded</title><p>Uploaded:</p><ul>${items}</ul>`;
  return new Response(html, {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'",
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.codePointAt(0)};`);
