/** Stores files of forms by the `/current/` API's stream upload, and lists and opens stored files. */

import { abortableDelay, never } from '../../../lib/abortable.js';
import { folderOf, parseCreated, type SessionDetails } from '../../../wire/fastio.js';
import { HttpError, notFound } from '../../http/http-error.js';
import type { AdmittedFile, CallOptions, FileLibrary, FilePage, Target, WholeStorage } from '../storage.js';
import { fail, success } from './answers.js';
import type { CurrentStorage } from './current-storage.js';
import { Nodes, toStored } from './nodes.js';
import { outcomeOf, UNNAMED_MS } from './session-outcome.js';
import { path, type UpstreamClient } from './upstream-client.js';
import { unreadable } from './upstream-failure.js';

/** Length of one long poll for the state of an upload, in seconds. */
const WAIT_SECONDS = 10;
/** Timeout for storing after the last byte, in milliseconds. */
const STORING_MS = 120_000;
/** An API that repeats a status without holding its answer back is asked again after this time, in milliseconds. */
const PAUSE_MS = 500;

interface Opened {
  readonly id: string;
  /** By the API's clock, in milliseconds since 1970. */
  readonly openedAt: number;
}

export class CurrentFiles implements WholeStorage, FileLibrary {
  readonly #client: UpstreamClient;
  readonly #nodes: Nodes;
  readonly #storage: CurrentStorage;

  constructor(client: UpstreamClient, storage: CurrentStorage) {
    this.#client = client;
    this.#nodes = new Nodes(client);
    this.#storage = storage;
  }

  async store(file: Omit<AdmittedFile, 'size'>, bytes: AsyncIterable<Uint8Array>, options: CallOptions) {
    const { id, openedAt } = await this.#openStream(file, options);
    let size = 0;
    const counted = async function* () {
      for await (const chunk of bytes) {
        size += chunk.length;
        yield chunk;
      }
    };
    try {
      const headers = { 'Content-Type': 'application/octet-stream' };
      const target = path`/current/upload/${id}/stream/`;
      success(await this.#client.send({ method: 'POST', path: target, headers, bytes: counted() }, options), 'part');
      const fileId = await this.#stored(id, () => this.#storage.locate({ ...file, size }, openedAt, options), options);
      const node = await this.#nodes.get(file.workspaceId, fileId, options);
      return (node && toStored(node)) ?? fail(unreadable());
    } finally {
      // Deletes the session, whether it has failed or is stored.
      await this.#storage.forget(id, { ...options, signal: undefined }).catch(() => {});
    }
  }

  async list({ workspaceId, folderId }: Target, cursor: string | null, options: CallOptions): Promise<FilePage> {
    const { nodes, next } = await this.#nodes.list(workspaceId, folderId, cursor, options);
    return { files: nodes.flatMap((node) => toStored(node) ?? []), ...(next !== undefined && { next }) };
  }

  async open({ workspaceId, folderId }: Target, fileId: string, options: CallOptions): Promise<Response> {
    const node = await this.#nodes.get(workspaceId, fileId, options);
    // The id of the top folder is unknown, so at the top every file of the workspace is allowed.
    if (node === null || node.isFolder || (folderId !== 'root' && node.parent !== folderId)) {
      throw notFound('there is no such file');
    }
    const url = (await this.#nodes.readUrl(workspaceId, fileId, options)) ?? fail(unreadable());
    return new Response(null, { status: 302, headers: { Location: url, 'Cache-Control': 'no-store' } });
  }

  async #openStream(file: Omit<AdmittedFile, 'size'>, options: CallOptions): Promise<Opened> {
    const folder = folderOf(file.relativePath ?? '');
    const form = {
      name: file.name,
      action: 'create',
      stream: 'true',
      instance_id: file.workspaceId,
      folder_id: file.folderId,
      profile_type: 'workspace',
      ...(folder !== '' && { relative_path: folder }),
    };
    const answer = await this.#client.send({ method: 'POST', path: '/current/upload/', form }, options);
    const { id } = parseCreated(success(answer, 'grant')) ?? fail(unreadable());
    return { id, openedAt: Number.isFinite(answer.date) ? answer.date : Date.now() };
  }

  /** Waits until the file is stored, and returns its id; `locate` finds the file when the session never reports it. */
  async #stored(id: string, locate: () => Promise<string | null>, options: CallOptions): Promise<string> {
    const end = Date.now() + STORING_MS;
    const seen = new Set<string>();
    let unnamedSince: number | null = null;
    for (;;) {
      const askedAt = Date.now();
      const session: SessionDetails = await this.#storage.details(id, WAIT_SECONDS, options);
      const outcome = outcomeOf(session);
      if (outcome === 'stored') return session.fileId ?? fail(unreadable());
      unnamedSince = outcome === 'unnamed' ? (unnamedSince ?? Date.now()) : null;
      const isLong = unnamedSince !== null && Date.now() - unnamedSince >= UNNAMED_MS;
      const located = isLong ? await locate() : null;
      if (located !== null) return located;
      if (outcome === 'failed') throw new HttpError(502, 'upstream', 'the storage service could not store the file');
      if (Date.now() >= end) {
        throw new HttpError(504, 'upstream-timeout', 'the storage service did not store the file in time');
      }
      const pauseMs = seen.has(session.status) ? askedAt + PAUSE_MS - Date.now() : 0;
      seen.add(session.status);
      if (pauseMs > 0) await abortableDelay(pauseMs, options.signal ?? never());
    }
  }
}
