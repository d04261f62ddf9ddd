/** Files and folders of the `/current/` API. */

import { isObject, type JsonObject, readString } from '../../../lib/json.js';
import { type Node as BareNode, parseNode as parseBareNode, parseNodePage } from '../../../wire/fastio-node.js';
import type { CallOptions, Digest, ListedFile, StoredObject, Target } from '../storage.js';
import { success, withQuery } from './answers.js';
import { path, type UpstreamClient } from './upstream-client.js';

/** Nodes of one page. */
const PAGE_SIZE = 100;
/** Maximum number of pages to search for a name. */
const MAX_PAGES = 20;

export interface Node extends BareNode {
  readonly digest?: Digest;
}

export interface NodePage {
  readonly nodes: readonly Node[];
  readonly next?: string;
}

export class Nodes {
  readonly #client: UpstreamClient;

  constructor(client: UpstreamClient) {
    this.#client = client;
  }

  /** Null when there is no such node. */
  async get(workspaceId: string, nodeId: string, options: CallOptions): Promise<Node | null> {
    const target = path`/current/workspace/${workspaceId}/storage/${nodeId}/details/`;
    const answer = await this.#client.send({ method: 'GET', path: target }, options);
    if (answer.status === 404) return null;
    const payload = success(answer, 'file');
    return parseNode(isObject(payload.node) ? payload.node : payload);
  }

  async list(workspaceId: string, folderId: string, cursor: string | null, options: CallOptions): Promise<NodePage> {
    const folder = path`/current/workspace/${workspaceId}/storage/${folderId}/list/`;
    const query = { page_size: String(PAGE_SIZE), ...(cursor !== null && { cursor }) };
    const answer = await this.#client.send({ method: 'GET', path: withQuery(folder, query) }, options);
    const { entries, ...page } = parseNodePage(success(answer, 'file'));
    return { ...page, nodes: entries.flatMap((entry) => parseNode(entry) ?? []) };
  }

  /** The node of that name in the folder; null when there is none. */
  async named(name: string, target: Target, options: CallOptions): Promise<Node | null> {
    let cursor: string | null = null;
    for (let page = 0; page < MAX_PAGES; page++) {
      const { nodes, next }: NodePage = await this.list(target.workspaceId, target.folderId, cursor, options);
      const found = nodes.find((node) => node.name === name);
      if (found !== undefined) return found;
      if (next === undefined) return null;
      cursor = next;
    }
    return null;
  }

  /** Moves the node to the trash; resolves also when it does not exist. */
  async remove(workspaceId: string, nodeId: string, options: CallOptions): Promise<void> {
    const target = path`/current/workspace/${workspaceId}/storage/${nodeId}/delete/`;
    const answer = await this.#client.send({ method: 'DELETE', path: target }, options);
    if (![404, 410].includes(answer.status)) success(answer, 'file');
  }

  /** A temporary URL that opens the file without the key. */
  async readUrl(workspaceId: string, nodeId: string, options: CallOptions): Promise<string | null> {
    const file = path`/current/workspace/${workspaceId}/storage/${nodeId}/`;
    const answer = await this.#client.send({ method: 'GET', path: `${file}requestread/` }, options);
    const token = readString(success(answer, 'file').token);
    return token === undefined ? null : `${this.#client.upstream}${withQuery(`${file}read/`, { token })}`;
  }
}

/** The node as a stored file; null for a folder, or when its size is unknown. */
export const toStored = (node: Node): (StoredObject & ListedFile) | null => {
  const { id, isFolder, name, size, type, digest, storedAt } = node;
  if (isFolder || size === undefined) return null;
  return {
    fileId: id,
    name,
    size,
    ...(type !== undefined && { type }),
    ...(digest !== undefined && { digest }),
    ...(storedAt !== undefined && { storedAt }),
  };
};

const parseNode = (value: JsonObject): Node | null => {
  const node = parseBareNode(value);
  const digest = parseDigest(value);
  return node && { ...node, ...(digest !== undefined && { digest }) };
};

const ALGORITHMS = ['md5', 'sha1', 'sha256', 'sha384', 'crc32c'] as const;

const parseDigest = ({ hash, hash_algo: algo, crc32c }: JsonObject): Digest | undefined => {
  const algorithm = ALGORITHMS.find((name) => name === algo);
  if (algorithm !== undefined && typeof hash === 'string') return { algorithm, value: hash.toLowerCase() };
  return typeof crc32c === 'string' ? { algorithm: 'crc32c', value: crc32c.toLowerCase() } : undefined;
};
