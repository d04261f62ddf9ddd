import type { UploadHandlerOptions } from '../../../src/server/index.js';
import { s3 } from '../../../src/server/s3.js';
import type { GatewayValues } from './gateway-values.js';

/** The same options in Node and in workerd. A cookie names the user, as in the demo. */
export const gatewayOptions = ({ s3: bucket, storedUrl, ...values }: GatewayValues): UploadHandlerOptions => ({
  ...values,
  storage: s3(bucket),
  files: true,
  authorize: (request) => ({
    userId: /(?:^|;\s*)demo-user=([a-z]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? 'ada',
  }),
  ...(storedUrl !== undefined && {
    onStored: async (file) => {
      await fetch(storedUrl, { method: 'POST', body: JSON.stringify(file) });
    },
  }),
  onError: (error) => console.error(error.message, String(error.cause)),
});
