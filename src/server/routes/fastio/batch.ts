/**
 * `POST {base}/current/upload/batch/`: many small files in one request. The manifest, which comes first, is read, cleaned
 * and written anew; the files behind it pass through one after another. A file that breaks a limit ends the whole
 * request, and the browser, which sends what was refused together once more alone, hears then which one it was.
 */

import { isObject, parseJson, readNumber, readString } from '../../../lib/json.js';
import { folderOf, SINGLE_REQUEST_BELOW } from '../../../wire/fastio.js';
import { BATCH_MAX_BYTES, BATCH_MAX_FILES, type BatchResult } from '../../../wire/fastio-batch.js';
import type { Gateway } from '../../gateway.js';
import { cleanName } from '../../http/clean-name.js';
import { badRequest, HttpError } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import { type FormPart, readBoundary, readMultipart } from '../../http/multipart/read-multipart.js';
import { admitFile } from '../../limits/admit-file.js';
import type { Call, Route } from '../../route.js';
import { atMost } from '../../storage/counted.js';
import type { AdmittedFile, BatchEntry, RelayedFile } from '../../storage/upstream.js';
import { readChecksum, readToFirstFile } from './fields.js';
import { sealSession, tellStored } from './seal.js';

/** 200 names with long paths. */
const MANIFEST_BYTES = 2 ** 20;

interface WantedEntry extends BatchEntry {
  readonly originalName: string;
  readonly relativePath: string | undefined;
}

export const batch: Route = {
  method: 'POST',
  path: 'current/upload/batch',
  handle: async (call, gateway) => {
    const { body, headers, signal } = call.request;
    const boundary = readBoundary(headers.get('content-type'));
    if (boundary === null || body === null) throw badRequest('a batch comes as multipart/form-data');
    const parts = readMultipart(body, boundary);
    try {
      const fields = new URLSearchParams();
      const first = await readToFirstFile(parts, fields, MANIFEST_BYTES);
      const manifest = readManifest(fields.get('manifest'), call);
      const passage = new Passage(manifest, call);
      const files = passage.relay(first, parts);
      const results = await gateway.upstream.fastio.sendBatch(call.caller, manifest, files, { signal });
      return jsonAnswer({ result: true, ...(await describe(results, passage, call, gateway)) });
    } finally {
      // Not awaited: a client that sends no more would hold the answer back.
      void parts.return(undefined);
    }
  },
};

const readManifest = (text: string | null, call: Call): WantedEntry[] => {
  const entries = parseJson(text ?? '');
  if (!Array.isArray(entries) || entries.length === 0)
    throw badRequest('manifest is a list of files, before the files');
  const most = Math.min(BATCH_MAX_FILES, call.caller.limits.maxFiles ?? BATCH_MAX_FILES);
  if (entries.length > most) throw new HttpError(413, 'too-large', `at most ${most} files go in one request`);
  const wanted = entries.map((entry) => readEntry(entry, call));
  if (new Set(wanted.map(({ index }) => index)).size < wanted.length) throw badRequest('an index is there twice');
  return wanted;
};

const readEntry = (entry: unknown, { caller }: Call): WantedEntry => {
  const index = isObject(entry) ? readNumber(entry.index) : undefined;
  const originalName = isObject(entry) ? readString(entry.filename) : undefined;
  if (!isObject(entry) || originalName === undefined || index === undefined || !Number.isSafeInteger(index)) {
    throw badRequest('each entry has an index and a filename');
  }
  const folder = readString(entry.relative_path)?.replace(/\/+$/, '');
  const relativePath = folder === undefined ? undefined : `${folder}/${cleanName(originalName)}`;
  // Names only: the size and the type come with the bytes.
  const { name, relativePath: clean } = admitFile(
    { name: originalName, size: 0, type: 'application/octet-stream', relativePath },
    { ...caller, limits: {} },
  );
  const checksum = readChecksum({ get: (field) => readString(entry[field]) ?? null });
  return { index, name, folder: folderOf(clean ?? ''), checksum, originalName, relativePath };
};

/** The files on their way through: checked, counted, and remembered for the tickets. */
class Passage {
  readonly files = new Map<number, AdmittedFile>();
  readonly #entries: ReadonlyMap<number, WantedEntry>;
  readonly #call: Call;
  #bytesLeft = BATCH_MAX_BYTES;

  constructor(manifest: readonly WantedEntry[], call: Call) {
    this.#entries = new Map(manifest.map((entry) => [entry.index, entry]));
    this.#call = call;
  }

  async *relay(first: FormPart | null, parts: AsyncGenerator<FormPart>): AsyncGenerator<RelayedFile, void, undefined> {
    for (let part = first; part !== null; part = await nextFile(parts)) yield this.#admit(part);
  }

  /** @throws HttpError 400, 413, 415 */
  #admit({ name, type, bytes }: FormPart): RelayedFile {
    const index = Number(/^file_(\d{1,9})$/.exec(name)?.[1] ?? -1);
    const entry = this.#entries.get(index);
    if (entry === undefined || this.files.has(index)) throw badRequest('a file is not in the manifest, or there twice');
    const { caller } = this.#call;
    const file = admitFile({ name: entry.originalName, size: 0, type, relativePath: entry.relativePath }, caller);
    this.files.set(index, file);
    const { maxFileSize = SINGLE_REQUEST_BELOW } = caller.limits;
    const most = Math.min(maxFileSize, SINGLE_REQUEST_BELOW, this.#bytesLeft);
    const onEnd = (size: number): void => {
      this.#bytesLeft -= size;
      this.files.set(index, { ...file, size });
    };
    return { index, type, bytes: atMost(bytes, most, onEnd) };
  }
}

/** Fields behind the first file are passed over. */
const nextFile = async (parts: AsyncGenerator<FormPart>): Promise<FormPart | null> => {
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return null;
    if (value.isFile) return value;
  }
};

const describe = async (
  results: ReadonlyMap<number, BatchResult>,
  { files }: Passage,
  call: Call,
  gateway: Gateway,
) => {
  const known = Array.from(files).flatMap(([index, file]) => {
    const result = results.get(index);
    return result === undefined ? [] : [describeOne(index, file, result, call, gateway)];
  });
  const described = await Promise.all(known);
  const succeeded = described.filter(({ status }) => status === 'ok').length;
  return {
    count_total: described.length,
    count_succeeded: succeeded,
    count_errored: described.length - succeeded,
    results: described,
  };
};

const describeOne = async (index: number, file: AdmittedFile, result: BatchResult, call: Call, gateway: Gateway) => {
  const nothing = { index, filename: file.name, upload_id: null, node_id: null, error_code: null, error_message: null };
  if (!result.ok) {
    const { code = null } = result;
    return { ...nothing, status: 'error', error_code: code, error_message: 'the storage service refused the file' };
  }
  const { id, fileId } = result;
  const ticket = id === null ? null : await sealSession(id, file, undefined, call, gateway);
  const isTold = fileId !== null && (await tellStored(fileId, id ?? fileId, file, call, gateway));
  if (fileId !== null && !isTold && ticket === null) throw new HttpError(500, 'internal', 'the gateway failed');
  return { ...nothing, status: 'ok', upload_id: ticket, node_id: isTold ? fileId : null };
};
