/**
 * Reports the plan's limits. Documented: the fields of the limits, that `action` requires `instance_id` (and `file_id`
 * for an update), the fields of the extensions, the form of the list of algorithms (the vendor's client and guides).
 * Assumed: that the limits are at the top level of the answer, and the seconds of `cache_ttl`.
 */

import { invalid, missing } from '../current-error.js';
import type { Call, CurrentRoute, Services } from '../services.js';

const CACHE_TTL_SECONDS = 3600;

const checkQuery = ({ exchange: { query }, caller }: Call, { access, nodes }: Services): void => {
  const action = query.get('action');
  const instanceId = query.get('instance_id');
  if (action !== null && action !== 'create' && action !== 'update')
    throw invalid('action', 'This is neither create nor update.');
  if (action !== null && instanceId === null) throw missing('instance_id');
  if (instanceId !== null) access.checkTarget(caller, instanceId);
  if (action === 'update') {
    const nodeId = query.get('file_id');
    if (nodeId === null) throw missing('file_id');
    nodes.find(instanceId ?? '', nodeId);
  }
};

export const createLimitRoutes = (services: Services): CurrentRoute[] => {
  const { limits, algorithms, options, plan } = services;
  const restricted = options.restrictedExtensions ?? [];
  return [
    {
      method: 'GET',
      path: 'upload/limits/',
      handle: async (call) => {
        checkQuery(call, services);
        const { chunkSize, size, chunks, sessions, sessionsSizeMax } = limits;
        return { payload: { chunk_size: chunkSize, size, chunks, sessions, sessions_size_max: sessionsSizeMax } };
      },
    },
    {
      method: 'GET',
      path: 'upload/limits/extensions/',
      handle: async ({ exchange }) => ({
        payload: {
          restricted_extensions: restricted,
          archive_extensions: ['zip', 'rar', '7z', 'tar', 'gz'],
          enforcement_enabled: restricted.length > 0,
          plan: exchange.query.get('plan') ?? plan,
          cache_ttl: CACHE_TTL_SECONDS,
        },
      }),
    },
    { method: 'GET', path: 'upload/algos/', handle: async () => ({ payload: { algos: algorithms } }) },
  ];
};
