/**
 * Lists, reads, deletes and places files. Documented: the paths, `from` as JSON text by upload session or (on shares)
 * by SHA-256, that an upload at `complete` can be placed, also in several places; `locked` and `lock_info` in the
 * details of a node (the vendor's client, references). Assumed: every field of the answers, and that the answer comes
 * after placing.
 */

import { randomBytes } from 'node:crypto';
import { isObject, type JsonObject, parseJsonObject, readString } from '../../../lib/json.js';
import { contentDisposition } from '../../admin/content-disposition.js';
import type { StoredFile } from '../../disk/object-store.js';
import type { Exchange } from '../../http/exchange.js';
import { CODES, CurrentError, invalid, wrongState } from '../current-error.js';
import { type Form, withForm } from '../form.js';
import type { Call, CurrentRoute, Params, Reply, Services } from '../services.js';
import type { Locks } from '../sessions/locks.js';
import { checkName } from '../sessions/session-request.js';
import type { Target } from '../sessions/upload-session.js';
import { contextPath, readContext } from '../storage-context.js';

const DEFAULT_LIMIT = 100;
/** Lifetime of a read token, in milliseconds. */
const READ_TTL_MS = 15 * 60 * 1000;

const badSource = (message: string) => invalid('from', message);

class StorageRoutes {
  readonly #services: Services;
  readonly #locks: Locks;
  readonly #reads = new Map<string, { readonly nodeId: string; readonly expiresAt: number }>();

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

  /** Lists pages by cursor, with folders among the nodes, as the vendor's client requests them. */
  async page(call: Call, params: Params): Promise<Reply> {
    const { instanceId, nodeId: folderId } = readContext(call, params, this.#services);
    const { query } = call.exchange;
    const { folders, files } = this.#services.nodes.children(instanceId, folderId);
    const nodes = [
      ...folders.map(({ id, name }) => ({ id, name, type: 'folder', parent: folderId })),
      ...files.map((file) => ({ ...this.#describe(file), parent: folderId })),
    ];
    const start = Number(query.get('cursor') ?? 0);
    const end = start + Number(query.get('page_size') ?? DEFAULT_LIMIT);
    const pagination = { has_more: end < nodes.length, next_cursor: end < nodes.length ? String(end) : null };
    return { payload: { nodes: nodes.slice(start, end), pagination } };
  }

  /** Deletes the node; the emulator has no trash. */
  async remove(call: Call, params: Params): Promise<Reply> {
    const { instanceId, nodeId } = readContext(call, params, this.#services);
    const { nodes } = this.#services;
    await nodes.remove(nodes.find(instanceId, nodeId));
    return { payload: {} };
  }

  /** Creates a token for reading the bytes without a key. */
  async requestRead(call: Call, params: Params): Promise<Reply> {
    const { instanceId, nodeId } = readContext(call, params, this.#services);
    this.#services.nodes.find(instanceId, nodeId);
    const token = randomBytes(16).toString('hex');
    this.#reads.set(token, { nodeId, expiresAt: this.#services.now() + READ_TTL_MS });
    return { payload: { token } };
  }

  /** Sends the bytes if the token is for this node. @throws CurrentError 401 */
  async read(exchange: Exchange, { instanceId = '', nodeId = '' }: Params): Promise<void> {
    const read = this.#reads.get(exchange.query.get('token') ?? '');
    if (read?.nodeId !== nodeId || this.#services.now() >= read.expiresAt) {
      throw new CurrentError(401, CODES.loginRequired, 'login required');
    }
    const file = this.#services.nodes.find(instanceId, nodeId);
    const headers = {
      'Content-Type': file.contentType,
      'Content-Length': String(file.size),
      'Content-Disposition': contentDisposition(file.name),
    };
    await exchange.send(200, { headers, stream: this.#services.nodes.read(file) });
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
    if (session.nodeId !== null) {
      return this.#copy(nodes.findAnywhere(session.nodeId), to);
    }
    if (session.status !== 'complete' || session.request.target !== null) {
      throw wrongState('the upload is not in a valid state');
    }
    assembler.store(session, name, target);
    await session.processing;
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
      mimetype: file.contentType,
      hash: file.sha256,
      hash_algo: 'sha256',
      modified: new Date(file.storedAt).toISOString(),
      locked: lock !== null,
      lock_info: lock === null ? null : this.#locks.describe(lock),
    };
  }
}

export const createStorageRoutes = (services: Services, locks: Locks) => {
  const routes = new StorageRoutes(services, locks);
  const calls: CurrentRoute[] = [
    { method: 'GET', path: contextPath(''), handle: (call, params) => routes.list(call, params) },
    { method: 'GET', path: contextPath('list/'), handle: (call, params) => routes.page(call, params) },
    { method: 'DELETE', path: contextPath('delete/'), handle: (call, params) => routes.remove(call, params) },
    { method: 'GET', path: contextPath('requestread/'), handle: (call, params) => routes.requestRead(call, params) },
    { method: 'GET', path: contextPath('details/'), handle: (call, params) => routes.details(call, params) },
    { method: 'POST', path: contextPath('addfile/'), handle: (call, params) => routes.addFile(call, params) },
  ];
  return { calls, read: (exchange: Exchange, params: Params) => routes.read(exchange, params) };
};
