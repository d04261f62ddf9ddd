/**
 * Finds the file of a completed session without a file id, by its name in its folder (source: the newer agents' guide,
 * by which an id may be missing). The file must have the size that was sent and be newer than the session, by the API's
 * clock, or it is another file of that name. So this needs the `Date` header, which an API on another origin has to
 * expose; without it, and where a gateway chooses the target, nothing is looked up.
 */

import { isObject, type JsonObject } from '../../lib/json.js';
import type { CallOptions, UploadFacts } from '../../ports/protocol.js';
import { clipName, folderOf } from '../../wire/fastio.js';
import { isNodeOf, type Node, parseNode, parseNodePage } from '../../wire/fastio-node.js';
import { type Context, declare } from './context.js';

/** Most pages of a listing to search for one name. */
const MAX_PAGES = 20;

/** Null when no file matches for certain. `openedAt` is in milliseconds since 1970, by the API's clock. */
export const lookUp = async (
  { api, target: { instanceId, folderId, profileType = 'workspace' } }: Context,
  facts: UploadFacts,
  openedAt: number | null,
  options: CallOptions,
): Promise<string | null> => {
  if (instanceId === '' || openedAt === null) return null;
  const get = (path: string, query: Record<string, string> = {}): Promise<JsonObject> =>
    api.control(
      { method: 'GET', path: `${profileType}/${encodeURIComponent(instanceId)}/storage/${path}`, query },
      options,
    );

  const named = async (folder: string, name: string): Promise<Node | null> => {
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const payload = await get(`${folder}/list/`, { page_size: '100', ...(cursor !== undefined && { cursor }) });
      const { entries, next } = parseNodePage(payload);
      const found = entries.map(parseNode).find((node) => node?.name === name);
      if (found || next === undefined) return found ?? null;
      cursor = next;
    }
    return null;
  };

  const find = async (): Promise<Node | null> => {
    const { name, relativePath, replaces } = declare(facts);
    if (replaces !== undefined) {
      const payload = await get(`${encodeURIComponent(replaces)}/details/`);
      return parseNode(isObject(payload.node) ? payload.node : payload);
    }
    let folder = folderId || 'root';
    for (const part of folderOf(relativePath).split('/').filter(Boolean)) {
      const node = await named(folder, part);
      if (!node?.isFolder) return null;
      folder = node.id;
    }
    return named(folder, clipName(name));
  };

  const node = await find();
  return node !== null && isNodeOf(node, facts, openedAt) ? node.id : null;
};
