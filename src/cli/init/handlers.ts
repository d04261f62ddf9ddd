/** The gateway's handler with its storage, and the file that mounts it, by backend. */

import type { BackendKind, Choice, MadeFile, StorageKind } from './choices.js';

interface StorageText {
  readonly imports: string;
  readonly options: string;
}

const STORAGE_TEXTS: Readonly<Record<StorageKind, StorageText>> = {
  s3: {
    imports: `import { s3 } from 'fastio-upload/server/s3';\n`,
    options: `storage: s3({
    endpoint: ENV.S3_ENDPOINT,
    region: ENV.S3_REGION,
    bucket: ENV.S3_BUCKET,
    accessKeyId: ENV.S3_ACCESS_KEY_ID,
    secretAccessKey: ENV.S3_SECRET_ACCESS_KEY,
  }),`,
  },
  fastio: {
    imports: '',
    options: `apiKey: ENV.FASTIO_API_KEY,
  workspaceId: ENV.FASTIO_WORKSPACE_ID,
  folderId: ENV.FASTIO_FOLDER_ID,
  upstream: ENV.FASTIO_UPSTREAM,`,
  },
};

/** Path of the handler, source of its settings, and the file that mounts it. */
interface BackendText {
  readonly handler: string;
  readonly env: string;
  readonly envImport?: string;
  readonly mount: MadeFile;
}

const NODE = `import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { toNodeListener } from 'fastio-upload/server/node';
import { uploads } from './uploads.mjs';

const listener = toNodeListener(uploads);
const PAGES = new URL('./public/', import.meta.url);
const SCRIPTS = new URL('./node_modules/fastio-upload/dist/cdn/', import.meta.url);
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const serveFile = async (pathname, response) => {
  const isScript = pathname.startsWith('/fastio-upload/');
  const name = isScript ? pathname.slice('/fastio-upload/'.length) : pathname.slice(1) || 'index.html';
  const file = new URL(name, isScript ? SCRIPTS : PAGES);
  const isWithin = file.href.startsWith((isScript ? SCRIPTS : PAGES).href) && !/%2f|%5c|%00/i.test(file.pathname);
  const found = isWithin && (await stat(file).catch(() => null));
  if (!found || !found.isFile()) return response.writeHead(404).end();
  response.setHeader('Content-Type', TYPES[extname(file.pathname)] ?? 'application/octet-stream');
  createReadStream(file).pipe(response);
};

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname === '/api/uploads' || pathname.startsWith('/api/uploads/')) listener(request, response);
  else void serveFile(pathname, response);
});

// A part may take longer than Node's five minutes.
server.requestTimeout = 0;
server.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(\`http://localhost:\${server.address().port}\`);
});
`;

const EXPRESS = `import express from 'express';
import { toNodeListener } from 'fastio-upload/server/node';
import { uploads } from './uploads.mjs';

const app = express();
app.use('/api/uploads', toNodeListener(uploads)); // before any body parser
app.use('/fastio-upload', express.static('node_modules/fastio-upload/dist/cdn'));
app.use(express.static('public'));

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  console.log(\`http://localhost:\${server.address().port}\`);
});
// A part may take longer than Node's five minutes.
server.requestTimeout = 0;
`;

const NEXT = `import { uploads } from '../../../../lib/uploads.js';

export { uploads as DELETE, uploads as GET, uploads as OPTIONS, uploads as POST, uploads as PUT };
`;

const SVELTEKIT = `import { uploads } from '$lib/server/uploads.js';

export const fallback = ({ request }) => uploads(request);
`;

const ASTRO = `import { uploads } from '../../../lib/uploads.js';

export const prerender = false;
export const ALL = ({ request }) => uploads(request);
`;

const BACKEND_TEXTS: Readonly<Record<BackendKind, BackendText>> = {
  node: { handler: 'uploads.mjs', env: 'process.env', mount: { path: 'server.mjs', text: NODE } },
  express: { handler: 'uploads.mjs', env: 'process.env', mount: { path: 'server.mjs', text: EXPRESS } },
  next: {
    handler: 'lib/uploads.js',
    env: 'process.env',
    mount: { path: 'app/api/uploads/[[...path]]/route.js', text: NEXT },
  },
  sveltekit: {
    handler: 'src/lib/server/uploads.js',
    env: 'env',
    envImport: `import { env } from '$env/dynamic/private';\n`,
    mount: { path: 'src/routes/api/uploads/[...path]/+server.js', text: SVELTEKIT },
  },
  astro: {
    handler: 'src/lib/uploads.js',
    env: 'import.meta.env',
    mount: { path: 'src/pages/api/uploads/[...path].js', text: ASTRO },
  },
};

/** The framework's build has no secrets, so its handler is created at the first request. */
const LAZY = `let handler; // made at the first request: a build has no secrets

export const uploads = (request) => {
  handler ??= createUploadHandler(settings());
  return handler(request);
};
`;

/** A server of its own names what is missing when it starts. */
const EAGER = `export const uploads = createUploadHandler(settings());
`;

export const handlersOf = ({ backend, storage }: Pick<Choice, 'backend' | 'storage'>): readonly MadeFile[] => {
  const { handler, env, envImport = '', mount } = BACKEND_TEXTS[backend];
  const { imports, options } = STORAGE_TEXTS[storage];
  const text = `${envImport}import { createUploadHandler } from 'fastio-upload/server';
${imports}
const settings = () => ({
  ${options}
  ticketSecret: ENV.TICKET_SECRET,
  // Replace this by your own sign-in: it gets the request, and returns its user, or null, which is answered with 401.
  authorize: () => ({ userId: 'me' }),
  // Answers never hold the cause of a failure, because the browser sees them.
  onError: (error) => console.error(error.message, error.cause ?? ''),
});

${mount.path === 'server.mjs' ? EAGER : LAZY}`;
  return [{ path: handler, text: text.replaceAll('ENV.', `${env}.`) }, mount];
};
