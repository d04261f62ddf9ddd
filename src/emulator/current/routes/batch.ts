/**
 * Many small files in one request. Documented: `manifest` and the parts `file_0`, `file_1` …; 200 files, 4 MiB each,
 * 100 MB together; 401 with 10011 for guests; 200 even when every file failed; results matched by index; `node_id:
 * null` with `ok`; names over 100 characters shortened with their extension kept; the snapshot kept for an hour (guides
 * and the vendor's client). Assumed: that results come in any order (here: last first), the codes of single files, 406
 * for an invalid batch.
 */

import { isObject, type JsonObject, parseJson, readNumber, readString } from '../../../lib/json.js';
import { CODES, CurrentError, invalid, missing, notFound, toCurrentError, tooLarge } from '../current-error.js';
import { type Form, withForm } from '../form.js';
import { newOpaqueId } from '../opaque-id.js';
import { MAX_BATCH_BYTES, MAX_BATCH_FILES, MAX_SINGLE_BYTES } from '../plans.js';
import type { Call, CurrentRoute, Params, Reply, Services } from '../services.js';
import { checkCreator, checkHash, checkName, checkRelativePath } from '../sessions/session-request.js';
import type { SessionRequest, Target, UploadSession } from '../sessions/upload-session.js';
import { checkPlan } from './sessions.js';

const SNAPSHOT_MS = 60 * 60 * 1000;
const MAX_NAME_CHARACTERS = 100;

interface Entry {
  readonly index: number;
  readonly fields: JsonObject;
}

interface Snapshot {
  readonly userId: string;
  readonly payload: object;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

const shorten = (name: string): string => {
  const characters = [...name];
  if (characters.length <= MAX_NAME_CHARACTERS) return name;
  const extension = /\.[^.]{1,20}$/.exec(name)?.[0] ?? '';
  return characters.slice(0, MAX_NAME_CHARACTERS - [...extension].length).join('') + extension;
};

const readManifest = (text: string): Entry[] => {
  const manifest = parseJson(text);
  if (!Array.isArray(manifest) || manifest.length === 0) throw invalid('manifest', 'This is not a list of files.');
  if (manifest.length > MAX_BATCH_FILES) throw invalid('manifest', `A batch has at most ${MAX_BATCH_FILES} files.`);
  const entries = manifest.map((fields: unknown): Entry => {
    const index = isObject(fields) ? readNumber(fields.index) : undefined;
    if (!isObject(fields) || index === undefined) throw invalid('manifest', 'Each file needs an index.');
    return { index, fields };
  });
  if (new Set(entries.map(({ index }) => index)).size < entries.length)
    throw invalid('manifest', 'An index occurs twice.');
  return entries;
};

class BatchRoutes {
  readonly #services: Services;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(services: Services) {
    this.#services = services;
  }

  upload(call: Call): Promise<Reply> {
    if (call.caller.isGuest) throw new CurrentError(401, CODES.loginRequired, 'login required');
    checkPlan(this.#services);
    return withForm(call.exchange, this.#services.disk, (form) => this.#uploadFrom(form, call), {
      isFile: (name) => /^file_\d+$/.test(name),
      maxFileBytes: MAX_SINGLE_BYTES,
      maxBodyBytes: MAX_BATCH_BYTES,
      skipsLargeFiles: true,
    });
  }

  async inspect({ caller }: Call, { id = '' }: Params): Promise<Reply> {
    const snapshot = this.#snapshots.get(id);
    if (snapshot?.userId !== caller.userId || this.#services.now() >= snapshot.expiresAt) throw notFound('batch');
    return { payload: snapshot.payload };
  }

  async #uploadFrom(form: Form, call: Call): Promise<Reply> {
    const { access, now } = this.#services;
    const instanceId = form.require('instance_id');
    access.checkTarget(call.caller, instanceId);
    const shared = {
      instanceId,
      folderId: form.get('folder_id') ?? 'root',
      creator: checkCreator(form.get('creator')),
    };
    const entries = readManifest(form.require('manifest'));
    const { userId } = call.caller;
    const results = await Promise.all(entries.map((entry) => this.#uploadOne(entry, { form, shared, userId })));
    const failed = results.filter(({ status }) => status === 'error').length;
    const payload = {
      batch_id: newOpaqueId(),
      count_total: results.length,
      count_succeeded: results.length - failed,
      count_errored: failed,
      results: results.reverse(),
    };
    this.#snapshots.set(payload.batch_id, { userId, payload, expiresAt: now() + SNAPSHOT_MS });
    return { payload };
  }

  async #uploadOne(entry: Entry, from: { form: Form; shared: Shared; userId: string }) {
    const filename = shorten(readString(entry.fields.filename) ?? '');
    const result = {
      index: entry.index,
      filename,
      upload_id: null,
      node_id: null,
      error_code: null,
      error_message: null,
    };
    try {
      const session = await this.#receive(entry, filename, from);
      const { unresolvedEvery = 0 } = this.#services.options;
      const isResolved = unresolvedEvery === 0 || (entry.index + 1) % unresolvedEvery !== 0;
      if (isResolved) await session.processing;
      if (session.status === 'assembly_failed' || session.status === 'store_failed') {
        throw new CurrentError(406, CODES.internal, 'the file could not be stored');
      }
      return { ...result, status: 'ok', upload_id: session.id, node_id: isResolved ? session.nodeId : null };
    } catch (error) {
      const { code, message } = toCurrentError(error);
      return { ...result, status: 'error', error_code: code, error_message: message };
    }
  }

  async #receive(
    { index, fields }: Entry,
    filename: string,
    { form, shared, userId }: { form: Form; shared: Shared; userId: string },
  ): Promise<UploadSession> {
    const { sessions, assembler, algorithms } = this.#services;
    const part = `file_${index}`;
    if (form.isSkipped(part)) throw tooLarge('the file is too large for a batch');
    const name = checkName(filename, this.#services);
    const target: Target = { ...shared, relativePath: checkRelativePath(readString(fields.relative_path) ?? null) };
    const hash = checkHash(readString(fields.hash) ?? null, readString(fields.hash_algo) ?? null, algorithms);
    const file = form.takeFile(part);
    if (file === null) throw missing(part);
    const { size } = file;
    const session = sessions.add(
      { ...REQUEST, name, size, maxSize: size, target, hash, creator: shared.creator },
      userId,
    );
    await assembler.assembleWhole(session, file);
    return session;
  }
}

interface Shared {
  readonly instanceId: string;
  readonly folderId: string;
  readonly creator: string | null;
}

const REQUEST: Pick<SessionRequest, 'nodeId' | 'isStream'> = { nodeId: null, isStream: false };

export const createBatchRoutes = (services: Services): CurrentRoute[] => {
  const routes = new BatchRoutes(services);
  return [
    { method: 'POST', path: 'upload/batch/', bucket: 'batch', handle: (call) => routes.upload(call) },
    { method: 'GET', path: 'upload/batch/:id/', handle: (call, params) => routes.inspect(call, params) },
  ];
};
