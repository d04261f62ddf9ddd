import { randomBytes } from 'node:crypto';
import type { MadeFile, StorageKind } from './choices.js';

const SETTINGS: Readonly<Record<StorageKind, string>> = {
  s3: `S3_ENDPOINT=https://s3.us-east-1.amazonaws.com
S3_REGION=us-east-1
S3_BUCKET=
S3_ACCESS_KEY_ID=
S3_SECRET_ACCESS_KEY=
`,
  fastio: `FASTIO_API_KEY=
FASTIO_WORKSPACE_ID=
FASTIO_FOLDER_ID=root
FASTIO_UPSTREAM=https://api.fast.io
`,
};

/** The environment file, with a new secret for the tickets. */
export const envFileOf = (storage: StorageKind): MadeFile => ({
  path: '.env',
  text: `# Keep this file out of version control.
${SETTINGS[storage]}TICKET_SECRET=${randomBytes(32).toString('base64url')}
`,
});
