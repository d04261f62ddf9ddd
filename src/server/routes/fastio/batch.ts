/**
 * `POST {base}/current/upload/batch/`: many small files in one request. The manifest, which comes first, is parsed,
 * cleaned and written again; the files after it stream through one after another. A file that exceeds a limit fails the
 * whole request; the browser then sends each file alone, and only that file fails.
 */

import { isObject, parseJson, readNumber, readString } from '../../../lib/json.js';
import { type FormPart, readBoundary } from '../../../lib/read-multipart.js';
import { folderOf, SINGLE_REQUEST_BELOW } from '../../../wire/fastio.js';
import { BATCH_MAX_BYTES, BATCH_MAX_FILES, type BatchResult } from '../../../wire/fastio-batch.js';
import type { Gateway } from '../../gateway.js';
import { cleanName } from '../../http/clean-name.js';
import { atMost } from '../../http/counted.js';
import { badRequest, HttpError } from '../../http/http-error.js';
import { jsonAnswer } from '../../http/json-answer.js';
import { readForm } from '../../http/multipart/read-form.js';
import { inspected } from '../../inspect/inspect-bytes.js';
import { checkFile } from '../../limits/limits.js';
import type { Call, Route } from '../../route.js';
import type { BatchEntry, RelayedFile } from '../../storage/fastio-storage.js';
import type { AdmittedFile, Target } from '../../storage/storage.js';
import { readChecksum, readToFirstFile } from './fields.js';
import { fastioOf } from './limits.js';
import { announceWhole, issueSessionTicket } from './session-tickets.js';

/** Room for 200 names with long paths. */
const MANIFEST_BYTES = 2 ** 20;

/** An entry with its file; the file's size and type are known only with its bytes. */
interface WantedEntry extends BatchEntry {
  readonly file: AdmittedFile;
}

export const batch: Route = {
  method: 'POST',
  path: 'current/upload/batch',
  handle: async (call, gateway) => {
    const { body, headers } = call.request;
    const boundary = readBoundary(headers.get('content-type'));
    if (boundary === null || body === null) throw badRequest('a batch must be sent as multipart/form-data');
    const parts = readForm(body, boundary);
    try {
      const fields = new URLSearchParams();
      const first = await readToFirstFile(parts, fields, MANIFEST_BYTES);
      const manifest = await readManifest(fields.get('manifest'), call, gateway);
      const relay = new BatchRelay(manifest, call, gateway);
      const files = relay.relay(first, parts);
      const results = await fastioOf(gateway).sendBatch(targetOf(manifest), manifest, files, call.calls);
      return jsonAnswer({ result: true, ...(await describe(results, relay, call, gateway)) });
    } finally {
      // Not awaited, because a client that has stopped sending would delay the answer.
      void parts.return(undefined);
    }
  },
};

const readManifest = async (text: string | null, call: Call, gateway: Gateway): Promise<WantedEntry[]> => {
  const entries = parseJson(text ?? '');
  if (!Array.isArray(entries) || entries.length === 0)
    throw badRequest('manifest must be a list of files and come before the files');
  const most = Math.min(BATCH_MAX_FILES, call.caller.limits.maxFiles ?? BATCH_MAX_FILES);
  if (entries.length > most) throw new HttpError(413, 'too-large', `one request may have at most ${most} files`);
  const wanted = await Promise.all(entries.map((entry) => readEntry(entry, call, gateway)));
  if (new Set(wanted.map(({ index }) => index)).size < wanted.length) throw badRequest('an index occurs twice');
  return wanted;
};

const readEntry = async (entry: unknown, { caller }: Call, gateway: Gateway): Promise<WantedEntry> => {
  const index = isObject(entry) ? readNumber(entry.index) : undefined;
  const originalName = isObject(entry) ? readString(entry.filename) : undefined;
  if (!isObject(entry) || originalName === undefined || index === undefined || !Number.isSafeInteger(index)) {
    throw badRequest('each entry must have an index and a filename');
  }
  const folder = readString(entry.relative_path)?.replace(/\/+$/, '');
  const relativePath = folder === undefined ? undefined : `${folder}/${cleanName(originalName)}`;
  const metadata = isObject(entry.metadata) ? entry.metadata : undefined;
  const wanted = { name: originalName, size: null, type: 'application/octet-stream', relativePath, metadata };
  // The limits are checked later, because size and type come with the bytes.
  const file = await gateway.admit(wanted, { ...caller, limits: {} }, 'fastio');
  const checksum = readChecksum({ get: (field) => readString(entry[field]) ?? null });
  return { index, name: file.name, folder: folderOf(file.relativePath ?? ''), checksum, file };
};

/**
 * The folder of all files. @throws HttpError 400 for several folders, after which the browser sends each file alone.
 */
const targetOf = (manifest: readonly WantedEntry[]): Target => {
  const [first] = manifest;
  if (first === undefined || manifest.some(({ file }) => file.folderId !== first.file.folderId)) {
    throw badRequest('the files of the batch have different folders');
  }
  return first.file;
};

/** Checks and counts the files while they stream through, and keeps their facts for the tickets. */
class BatchRelay {
  readonly files = new Map<number, AdmittedFile>();
  readonly #entries: ReadonlyMap<number, WantedEntry>;
  readonly #call: Call;
  readonly #gateway: Gateway;
  #bytesLeft = BATCH_MAX_BYTES;

  constructor(manifest: readonly WantedEntry[], call: Call, gateway: Gateway) {
    this.#entries = new Map(manifest.map((entry) => [entry.index, entry]));
    this.#call = call;
    this.#gateway = gateway;
  }

  async *relay(first: FormPart | null, parts: AsyncGenerator<FormPart>): AsyncGenerator<RelayedFile, void, undefined> {
    for (let part = first; part !== null; part = await nextFile(parts)) yield this.#check(part);
  }

  /** @throws HttpError 400, 413, 415 */
  #check({ name, type: declared, bytes }: FormPart): RelayedFile {
    const index = Number(/^file_(\d{1,9})$/.exec(name)?.[1] ?? -1);
    const entry = this.#entries.get(index);
    if (entry === undefined || this.files.has(index))
      throw badRequest('a file is not in the manifest, or was sent twice');
    const { caller } = this.#call;
    const type = declared ?? 'application/octet-stream';
    if (!/^[\x20-\x7e]{1,255}$/.test(type)) throw badRequest('the content type is not a valid header value');
    const file = { ...entry.file, type };
    checkFile(file, caller.limits);
    this.files.set(index, file);
    const { maxFileSize = SINGLE_REQUEST_BELOW } = caller.limits;
    const most = Math.min(maxFileSize, SINGLE_REQUEST_BELOW, this.#bytesLeft);
    const onEnd = (size: number): void => {
      this.#bytesLeft -= size;
      this.files.set(index, { ...file, size });
    };
    const { size: _, ...whole } = file;
    const seen = inspected(bytes, whole, caller, this.#gateway.options.inspectBytes);
    return { index, type, bytes: atMost(seen, most, onEnd) };
  }
}

/** Fields after the first file are ignored. */
const nextFile = async (parts: AsyncGenerator<FormPart>): Promise<FormPart | null> => {
  for (;;) {
    const { done, value } = await parts.next();
    if (done) return null;
    if (value.fileName !== null) return value;
  }
};

const describe = async (
  results: ReadonlyMap<number, BatchResult>,
  { files }: BatchRelay,
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
  const empty = { index, filename: file.name, upload_id: null, node_id: null, error_code: null, error_message: null };
  if (!result.ok) {
    const { code = null } = result;
    return { ...empty, status: 'error', error_code: code, error_message: 'the storage service refused the file' };
  }
  const { id, fileId } = result;
  const ticket = id === null ? null : await issueSessionTicket({ id }, file, call, gateway);
  const announced = fileId === null ? null : await announceWhole(fileId, id ?? fileId, file, call, gateway);
  if (fileId !== null && announced === null && ticket === null) {
    throw new HttpError(500, 'internal', 'the gateway failed');
  }
  const node = announced === null ? null : fileId;
  const outcome = { ...empty, status: 'ok', upload_id: ticket, node_id: node };
  return { ...outcome, ...(announced !== null && { result: announced.result }) };
};
