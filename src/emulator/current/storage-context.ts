import { CODES, CurrentError } from './current-error.js';
import type { Call, Params, Services } from './services.js';

/** Path of a node or folder; workspaces and shares have the same routes. */
export const contextPath = (rest: string): string => `:context/:instanceId/storage/:nodeId/${rest}`;

/** Reads the path's ids and checks the caller's access. @throws CurrentError 401, 403, 404 */
export const readContext = ({ caller }: Call, params: Params, { access }: Pick<Services, 'access'>) => {
  const { context = '', instanceId = '', nodeId = '' } = params;
  if (context !== 'workspace' && context !== 'share') {
    throw new CurrentError(404, CODES.noRoute, 'the path does not route');
  }
  access.refuseGuest(caller);
  access.checkTarget(caller, instanceId);
  return { instanceId, nodeId };
};
