/**
 * An application outside of this repository: the package from the tarball that would be published, and the programs that
 * the documentation shows for a protocol and a store of one's own, compiled strictly against its types.
 */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';
import { ROOT } from '../published.js';
import { SAMPLES } from '../samples/extract.js';

const run = promisify(execFile);

/** What `npm install` would bring beside the package, and the types of Node. */
const DEPENDENCIES = ['lit', 'lit-html', 'lit-element', '@lit', 'aws4fetch', '@types'];

const CONFIG = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
  },
  include: ['*.ts'],
};

const PAGE = (endpoint: string) => `<!doctype html>
<script type="importmap">
  {
    "imports": {
      "fastio-upload/define": "/node_modules/fastio-upload/dist/define.js",
      "fastio-upload/engine": "/node_modules/fastio-upload/dist/preset.js",
      "lit": "/node_modules/lit/index.js",
      "lit/": "/node_modules/lit/",
      "lit-html": "/node_modules/lit-html/lit-html.js",
      "lit-html/": "/node_modules/lit-html/",
      "lit-element/": "/node_modules/lit-element/",
      "@lit/reactive-element": "/node_modules/@lit/reactive-element/reactive-element.js",
      "@lit/reactive-element/": "/node_modules/@lit/reactive-element/"
    }
  }
</script>
<fastio-upload endpoint="${endpoint}"></fastio-upload>
<script type="module" src="/page.js"></script>`;

const unpack = async (folder: string): Promise<void> => {
  const modules = join(folder, 'node_modules');
  const target = join(modules, 'fastio-upload');
  await mkdir(target, { recursive: true });
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', args, { cwd: ROOT, maxBuffer: 1 << 26 });
  await run('tar', ['-xzf', join(folder, JSON.parse(stdout)[0].filename), '-C', target, '--strip-components=1']);
  for (const name of DEPENDENCIES) await symlink(join(ROOT, 'node_modules', name), join(modules, name));
};

/** @throws Error with what the compiler says. */
const compile = async (folder: string): Promise<void> => {
  const samples = SAMPLES.filter(({ page, file }) => page === 'guides-own-protocol' && file !== null);
  for (const { file, code } of samples) await writeFile(join(folder, `${file}`), code);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-p', folder]).catch(({ stdout }) => {
    throw new Error(stdout);
  });
};

export class OwnApplication {
  /** Of the compiled programs. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<OwnApplication> {
    const folder = await makeScratchFolder('own');
    await unpack(folder);
    await compile(folder);
    return new OwnApplication(folder);
  }

  /** Serves `page.ts` with an element that has this endpoint. */
  async serve(endpoint: string): Promise<{ readonly url: string; close(): void }> {
    const server = createServer(async ({ url = '/' }, response) => {
      const path = normalize(new URL(url, 'http://localhost').pathname);
      const isScript = extname(path) === '.js';
      const content = isScript ? await readFile(join(this.folder, path)) : PAGE(endpoint);
      response.writeHead(200, { 'Content-Type': isScript ? 'text/javascript' : 'text/html' }).end(content);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
  }

  remove(): Promise<void> {
    return removeScratchFolder(this.folder);
  }
}
