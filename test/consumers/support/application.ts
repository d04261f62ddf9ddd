/**
 * Applications as users have them: a folder with a lock file of its own, outside this repository, so that nothing of ours
 * is found by accident, with the package installed from the tarball that would be published.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const APPS = fileURLToPath(new URL('../apps', import.meta.url));
/** Installed packages are kept from run to run; each version of a lock file has a folder of its own. */
const WORK = join(tmpdir(), 'fastio-upload-consumers');
const NPM_FLAGS = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
const QUIET = {
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
  NG_CLI_ANALYTICS: 'false',
};

/** Without what the npm that runs these tests tells its children. */
const environment = (): NodeJS.ProcessEnv => {
  const own = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_(OPTIONS|ENV|TEST)|^INIT_CWD$/.test(name));
  return { ...Object.fromEntries(own), ...QUIET, CI: '1', NO_COLOR: '1' };
};

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 12);

/** The tarball under a name that tells its content, because npm takes one of the same name for installed. */
const pack = async (): Promise<string> => {
  const folder = join(WORK, `pack-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await execute('npm', args, { cwd: ROOT, env: environment(), maxBuffer: 1 << 26 });
  const packed = join(folder, JSON.parse(stdout)[0].filename);
  const named = join(WORK, `fastio-upload-${hashOf(await readFile(packed))}.tgz`);
  await rename(packed, named);
  await rm(folder, { recursive: true });
  return named;
};

export class Application {
  readonly folder: string;
  /** What npm said while it installed the package. */
  readonly installed: string;

  private constructor(folder: string, installed: string) {
    this.folder = folder;
    this.installed = installed;
  }

  /** @param name of a folder in `test/consumers/apps`. */
  static async install(name: string): Promise<Application> {
    const lock = await readFile(join(APPS, name, 'package-lock.json'));
    const folder = join(WORK, `${name}-${hashOf(lock)}`);
    await cp(join(APPS, name), folder, { recursive: true });
    const run = (...args: string[]) =>
      execute('npm', [...args, ...NPM_FLAGS], { cwd: folder, env: environment(), maxBuffer: 1 << 26 });
    const isThere = await readFile(join(folder, 'node_modules/.package-lock.json')).catch(() => null);
    if (isThere === null) await run('ci');
    await rm(join(folder, 'node_modules/fastio-upload'), { recursive: true, force: true });
    const { stdout, stderr } = await run('install', '--no-save', await pack());
    return new Application(folder, `${stdout}${stderr}`);
  }

  /** Runs a script of the application. @returns what it printed. @throws Error with what it printed. */
  async run(script: string): Promise<string> {
    try {
      const options = { cwd: this.folder, env: environment(), maxBuffer: 1 << 26 };
      const { stdout, stderr } = await execute('npm', ['run', script], options);
      return `${stdout}${stderr}`;
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
      throw new Error(`npm run ${script} failed:\n${stdout}${stderr}`);
    }
  }

  /** Runs a server of the application at a free port. */
  async start(command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Server> {
    const port = await freePort();
    const [program = '', ...args] = command.map((word) => word.replace('PORT', String(port)));
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { ...environment(), PORT: String(port), HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const server = new Server(child, port);
    await server.ready();
    return server;
  }
}

/** A server of an application, and what it says. */
export class Server {
  readonly port: number;
  output = '';
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text) => {
        this.output += text;
      });
  }

  async ready(): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      if (this.#child.exitCode !== null) throw new Error(`the server ended:\n${this.output}`);
      const answers = await fetch(`http://127.0.0.1:${this.port}/`).then(
        () => true,
        () => false,
      );
      if (answers) return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await this.stop();
    throw new Error(`the server does not answer:\n${this.output}`);
  }

  /** Ends it with all that it started. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    const ended = once(this.#child, 'exit');
    process.kill(-this.#child.pid, 'SIGKILL');
    await ended;
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};
