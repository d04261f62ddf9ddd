/** `npm run demo -- [--port N] [--data DIR] [--storage s3] [--bundled] [--no-open]` */

import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLocalS3 } from './local-s3.js';
import { type DemoOptions, startDemo } from './start-demo.js';

const USAGE = 'Usage: npm run demo -- [--port N] [--data DIR] [--storage s3] [--bundled] [--no-open]';

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

interface Arguments extends DemoOptions {
  readonly open: boolean;
  readonly storage: 'emulated' | 's3';
}

const readArguments = (): Arguments => {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '5173' },
      data: { type: 'string', default: fileURLToPath(new URL('.data', import.meta.url)) },
      storage: { type: 'string', default: 'emulated' },
      bundled: { type: 'boolean', default: false },
      'no-open': { type: 'boolean', default: false },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`--port is a number from 0 to 65535.\n${USAGE}`);
  const { storage } = values;
  if (storage !== 's3' && storage !== 'emulated') return fail(`--storage is s3, or left out.\n${USAGE}`);
  return { port, dataDir: resolve(values.data), isBundled: values.bundled, open: !values['no-open'], storage };
};

const start = async (options: DemoOptions) => {
  try {
    return await startDemo(options);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return fail(`Port ${options.port} is in use. Choose another one: npm run demo -- --port ${options.port + 1}`);
  }
};

/** Opens the page; a machine without a browser goes on without. */
const openBrowser = (url: string): void => {
  if (!process.stdout.isTTY || process.env.CI) return;
  const [command, args] =
    process.platform === 'win32'
      ? (['cmd', ['/c', 'start', '', url]] as const)
      : ([process.platform === 'darwin' ? 'open' : 'xdg-open', [url]] as const);
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
};

const parse = () => {
  try {
    return readArguments();
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
};

const options = parse();
const s3 = options.storage === 's3' ? await startLocalS3() : undefined;
const demo = await start({ ...options, ...(s3 && { s3: s3.listener }) });
const page = s3 === undefined ? demo.url : `${demo.url}/?protocol=s3`;
const bucket = s3 === undefined ? '' : `  Bucket  ${s3.bucketUrl}\n`;
console.log(
  `\n  fastio-upload demo\n\n  Page    ${page}\n  Files   ${options.dataDir}\n${bucket}\n  Ctrl-C ends it.\n`,
);
if (options.open) openBrowser(page);

const stop = async () => {
  await demo.close();
  await s3?.close();
  process.exit(0);
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
