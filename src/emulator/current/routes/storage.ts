/**
 * Files in their folders, and placing. Documented: the paths, `from` as JSON text by upload session or (on shares) by
 * SHA-256, that an upload at `complete` can be placed, in several places too; `locked` and `lock_info` in the details of a
 * node (the vendor's client, references). Assumed: every field of the answers, and that placing is answered when it is
 * done.
 */

import { isObject, type JsonObject, parseJsonObject, readString } from '../../../lib/json.js';
import type { StoredFile } from '../../disk/object-store.js';
import { invalid, wrongState } from '../current-error.js';
import { type Form, withForm } from '../form.js';
import type { Call, CurrentRoute, Params, Reply, Services } from '../services.js';
import type { Locks } from '../sessions/locks.js';
import { checkName } from '../sessions/session-request.js';
import type { Target } from '../sessions/upload-session.js';
import { contextPath, readContext } from '../storage-context.js';

const DEFAULT_LIMIT = 100;

const badSource = (message: string) => invalid('from', message);

class StorageRoutes {
  readonly #services: Services;
  readonly #locks: Locks;

  constructor(services: Services, locks: Locks) {
    this.#services = services;
    this.#locks = locks;
  }

  async list(call: Call, params: Params): Promise<Reply> {
    const { instanceId, nodeId: folderId } = readContext(call, params, this.#services);
    const limit = Number(call.exchange.query.get('limit') ?? DEFAULT_LIMIT);
    const nodes = this.#services.nodes.list(instanceId, folderId);
    return { payload: { nodes: nodes.slice(0, limit).map((file) => this.#describe(file)), count: nodes.length } };
  }

  async details(call: Call, params: Params): Promise<Reply> {
    const { instanceId, nodeId } = readContext(call, params, this.#services);
    return { payload: { node: this.#describe(this.#services.nodes.find(instanceId, nodeId)) } };
  }

  async addFile(call: Call, params: Params): Promise<Reply> {
    const { instanceId, nodeId: folderId } = readContext(call, params, this.#services);
    return withForm(call.exchange, this.#services.disk, async (form) => {
      const target: Target = { instanceId, folderId, relativePath: '' };
      const file = await this.#place(form, call, target);
      return { payload: { node: this.#describe(file) } };
    });
  }

  async #place(form: Form, call: Call, target: Target): Promise<StoredFile> {
    const { access } = this.#services;
    const name = checkName(form.require('name'), this.#services);
    const from = parseJsonObject(form.require('from'));
    if (from.type === 'upload' && isObject(from.upload)) return this.#placeUpload(from.upload, { name, target, call });
    if (from.type === 'hash' && isObject(from.hash) && access.isShare(target.instanceId)) {
      if (from.hash.hash_type !== 'sha256') throw badSource('This hash cannot be looked up.');
      return this.#copy(this.#services.nodes.findByHash(readString(from.hash.hash) ?? ''), { name, target, call });
    }
    throw badSource('This is neither an upload nor, on a share, a hash.');
  }

  async #placeUpload(upload: JsonObject, to: { name: string; target: Target; call: Call }): Promise<StoredFile> {
    const { sessions, assembler, nodes } = this.#services;
    const { name, target, call } = to;
    const session = await sessions.find(readString(upload.id) ?? '', call.caller.userId);
    if (session.status === 'stored' && session.nodeId !== null) {
      return this.#copy(nodes.findAnywhere(session.nodeId), to);
    }
    if (session.status !== 'complete' || session.request.target !== null) {
      throw wrongState('the upload is not in a valid state');
    }
    assembler.store(session, name, target);
    await session.settling;
    if (session.nodeId === null) throw wrongState('the upload could not be stored');
    return nodes.find(target.instanceId, session.nodeId);
  }

  async #copy(file: StoredFile, to: { name: string; target: Target; call: Call }): Promise<StoredFile> {
    const { disk, nodes } = this.#services;
    const { signal, effects } = to.call.exchange;
    const copy = await disk.write(nodes.read(file), { algorithms: ['sha256'], signal, roomBytes: effects.roomBytes });
    return nodes.place(copy, { name: to.name, contentType: file.contentType }, to.target);
  }

  #describe(file: StoredFile): object {
    const lock = this.#locks.of(file.fileId);
    return {
      id: file.fileId,
      type: 'file',
      name: file.name,
      parent: file.folderId,
      size: file.size,
      version: file.version ?? 1,
      hash: file.sha256,
      hash_algo: 'sha256',
      modified: new Date(file.storedAt).toISOString(),
      locked: lock !== null,
      lock_info: lock === null ? null : this.#locks.describe(lock),
    };
  }
}

export const createStorageRoutes = (services: Services, locks: Locks): CurrentRoute[] => {
  const routes = new StorageRoutes(services, locks);
  return [
    { method: 'GET', path: contextPath(''), handle: (call, params) => routes.list(call, params) },
    { method: 'GET', path: contextPath('details/'), handle: (call, params) => routes.details(call, params) },
    { method: 'POST', path: contextPath('addfile/'), handle: (call, params) => routes.addFile(call, params) },
  ];
};
