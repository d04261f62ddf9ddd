/**
 * Parses the fields that open a session. Documented: every field and its bounds (references, guides, the vendor's
 * client); 400 for `if_version_id` except on a File Share, which the emulator does not have. Assumed: 406 and the code
 * of all other refusals, and that a name may not contain a slash.
 */

import type { Algorithm } from '../../disk/digest.js';
import { CODES, CurrentError, invalid, missing } from '../current-error.js';
import type { Form } from '../form.js';
import type { Call, Services } from '../services.js';
import type { SessionRequest, Target, WholeHash } from './upload-session.js';

const MAX_NAME_CHARACTERS = 255;
const MAX_PATH_CHARACTERS = 8192;

const isSegment = (text: string): boolean => text !== '' && text !== '.' && text !== '..' && !/[/\0]/.test(text);

/** @throws CurrentError 406 */
export const checkName = (name: string, { options }: Pick<Services, 'options'>): string => {
  if (!isSegment(name) || [...name].length > MAX_NAME_CHARACTERS)
    throw invalid('name', 'This is not a valid file name.');
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : '';
  if (options.restrictedExtensions?.includes(extension) === true) {
    throw invalid('name', 'Files of this extension are not allowed.');
  }
  return name;
};

/** Empty when absent. @throws CurrentError 406 */
export const checkRelativePath = (path: string | null): string => {
  if (path === null) return '';
  const isPath = path.endsWith('/') && path.slice(0, -1).split('/').every(isSegment);
  if (!isPath || path.length > MAX_PATH_CHARACTERS)
    throw invalid('relative_path', 'This is not a path below a folder.');
  return path;
};

/** Both or neither. @throws CurrentError 406 */
export const checkHash = (
  value: string | null,
  name: string | null,
  algorithms: readonly Algorithm[],
): WholeHash | null => {
  if (value === null && name === null) return null;
  if (value === null || name === null) throw missing(value === null ? 'hash' : 'hash_algo');
  const algorithm = algorithms.find((listed) => listed === name);
  if (algorithm === undefined) throw invalid('hash_algo', 'This algorithm is not listed.');
  if (!/^[0-9a-f]+$/i.test(value)) throw invalid('hash', 'This is not a hex digest.');
  return { algorithm, value: value.toLowerCase() };
};

export const readHash = (form: Pick<Form, 'get'>, algorithms: readonly Algorithm[]): WholeHash | null =>
  checkHash(form.get('hash'), form.get('hash_algo'), algorithms);

/** @throws CurrentError 406 */
export const checkCreator = (creator: string | null): string | null => {
  if (creator !== null && !/^[A-Za-z0-9-]{1,150}$/.test(creator))
    throw invalid('creator', 'This is not a valid creator tag.');
  return creator;
};

const readTarget = (form: Form, { access }: Services, call: Call): Target | null => {
  const instanceId = form.get('instance_id');
  const relativePath = checkRelativePath(form.get('relative_path'));
  if (instanceId === null) {
    // An upload without a target can be placed anywhere later, so it needs a credential for every target.
    if (call.caller.targets !== null)
      throw new CurrentError(403, CODES.scopeTooNarrow, 'the credential needs a target');
    return null;
  }
  const profileType = form.get('profile_type');
  if (profileType !== null && profileType !== (access.isShare(instanceId) ? 'share' : 'workspace')) {
    throw invalid('profile_type', 'The target is of another type.');
  }
  access.checkTarget(call.caller, instanceId);
  return { instanceId, folderId: form.get('folder_id') ?? 'root', relativePath };
};

const readNodeId = (form: Form, { nodes, access }: Services, call: Call, target: Target | null): string | null => {
  const action = form.require('action');
  if (action === 'create') return null;
  if (action !== 'update') throw invalid('action', 'This is neither create nor update.');
  access.refuseGuest(call.caller);
  if (target === null) throw missing('instance_id');
  return nodes.find(target.instanceId, form.require('file_id')).fileId;
};

/** @throws CurrentError 400, 401, 403, 404, 406 */
export const readSessionRequest = (form: Form, services: Services, call: Call): SessionRequest => {
  const isStream = form.get('stream') === 'true';
  const size = form.integer('size');
  if (size === null && !isStream) throw missing('size');
  if (form.get('if_version_id') !== null) {
    throw new CurrentError(400, CODES.invalid, 'if_version_id is for File Shares only');
  }
  const target = readTarget(form, services, call);
  return {
    name: checkName(form.require('name'), services),
    size,
    target,
    nodeId: readNodeId(form, services, call, target),
    hash: readHash(form, services.algorithms),
    creator: checkCreator(form.get('creator')),
    isStream,
    maxSize: Math.min(form.integer('max_size') ?? services.limits.size, services.limits.size),
  };
};
