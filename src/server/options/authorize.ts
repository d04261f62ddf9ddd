/** Which user calls, and what that user may do: the `authorize` hook's answer over the defaults of the options. */

import { HttpError } from '../http/http-error.js';
import { checkLimits, type UploadLimits } from '../limits/limits.js';
import type { Target } from '../storage/storage.js';

/** What the `authorize` hook answers of a user. */
export interface Authorization {
  /** Your stable id of the user. Sessions belong to it; it is never sent to the browser or the storage. */
  readonly userId: string;
  /** Instead of the option of this name. */
  readonly workspaceId?: string;
  readonly folderId?: string;
  /** Each field replaces the option's field of this name, for this user: wider or narrower. */
  readonly limits?: UploadLimits;
  /**
   * Whether this user may put a new version in the place of a file (`fastio` only). The browser names the file, so check
   * that it is the user's. @default never
   */
  readonly mayReplace?: (fileId: string) => boolean | Promise<boolean>;
}

export type AuthorizeAnswer = Authorization | Response | null;

export type Authorize = (request: Request) => AuthorizeAnswer | Promise<AuthorizeAnswer>;

/** The caller of one request. */
export interface Caller {
  readonly userId: string;
  /** Empty where the storage has no workspaces. */
  readonly workspaceId: string;
  readonly folderId: string;
  readonly limits: UploadLimits;
  readonly mayReplace: (fileId: string) => boolean | Promise<boolean>;
}

/** @throws HttpError 401 for no user, TypeError for an answer that the hook must not give. */
export const identify = async (
  request: Request,
  options: { readonly authorize: Authorize; readonly limits: UploadLimits },
  target: Target,
): Promise<Caller | Response> => {
  const answer = await options.authorize(request);
  // A hook in JavaScript may answer nothing at all.
  if (answer === null || answer === undefined) throw new HttpError(401, 'unauthorized', 'sign in to upload');
  if (answer instanceof Response) return answer;
  const { userId, workspaceId = target.workspaceId, folderId = target.folderId, mayReplace = () => false } = answer;
  const limits = { ...options.limits, ...definedOf(answer.limits) };
  const needed = target.workspaceId === '' ? [userId, folderId] : [userId, workspaceId, folderId];
  if (typeof workspaceId !== 'string' || !needed.every((id) => typeof id === 'string' && id !== '')) {
    throw new TypeError('authorize() has to answer {userId}, and ids are strings that are not empty');
  }
  checkLimits(limits, 'authorize().limits');
  return { userId, workspaceId, folderId, limits, mayReplace };
};

/** A hook that has nothing to say of a limit must not lift it. */
const definedOf = (limits: UploadLimits = {}): UploadLimits =>
  Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
