/** Identifies the user of a request by the `authorize` hook, whose answer overrides the options. */

import { defined } from '../../lib/defined.js';
import { HttpError } from '../http/http-error.js';
import { checkLimits, type UploadLimits } from '../limits/limits.js';
import type { Target } from '../storage/storage.js';

/** A user, as the `authorize` hook returns it. */
export interface Authorization {
  /** Your stable id of the user, who owns the sessions; it is never sent to the browser or the storage. */
  readonly userId: string;
  /** Replaces the option of this name. */
  readonly workspaceId?: string;
  readonly folderId?: string;
  /** Each field replaces the option's field of this name for this user, higher or lower. */
  readonly limits?: UploadLimits;
  /**
   * Whether this user may replace the file by a new version (`fastio` only). The id comes from the browser, so check
   * that the file is the user's. @default never
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

/** @throws HttpError 401 without a user, TypeError for an invalid answer of the hook. */
export const identify = async (
  request: Request,
  options: { readonly authorize: Authorize; readonly limits: UploadLimits },
  target: Target,
): Promise<Caller | Response> => {
  const answer = await options.authorize(request);
  // A hook in JavaScript may return undefined.
  if (answer === null || answer === undefined) throw new HttpError(401, 'unauthorized', 'sign in to upload');
  // A copy, because a hook may give the same answer to every request, and a body can be read once.
  if (answer instanceof Response) return answer.clone();
  const { userId, workspaceId = target.workspaceId, folderId = target.folderId, mayReplace = () => false } = answer;
  // An undefined limit in the hook's answer must not remove the option's limit.
  const limits: UploadLimits = { ...options.limits, ...defined(answer.limits ?? {}) };
  const needed = target.workspaceId === '' ? [userId, folderId] : [userId, workspaceId, folderId];
  if (typeof workspaceId !== 'string' || !needed.every((id) => typeof id === 'string' && id !== '')) {
    throw new TypeError('authorize() must return {userId}, and ids must be non-empty strings');
  }
  checkLimits(limits, 'authorize().limits');
  return { userId, workspaceId, folderId, limits, mayReplace };
};
