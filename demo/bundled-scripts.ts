/** The scripts of the page in a few files, as applications have them: a page loads in a tenth of the requests. */

import type { RequestListener } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** By the name that the page asks for. The worker lies beside all others, where its URL looks for it. */
const SCRIPTS = { main: 'demo/main.ts', themes: 'demo/themes.ts', 'hash-worker': 'src/platform/hash-worker.ts' };

const bundle = async (): Promise<ReadonlyMap<string, string>> => {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: SCRIPTS,
        // What `package.json` says of side effects is about the published files.
        treeshake: false,
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  return new Map(outputs.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code]] : [])));
};

/** Answers requests for scripts below `/demo/`, under the names of their sources too, and leaves all others to `next`. */
export const serveBundled = async (next: RequestListener): Promise<RequestListener> => {
  const scripts = await bundle();
  return (request, response) => {
    const [, name = ''] = /^\/demo\/([^?]+)/.exec(request.url ?? '') ?? [];
    const code = scripts.get(name.replace(/\.ts$/, '.js'));
    if (code === undefined) return next(request, response);
    response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' });
    response.end(code);
  };
};
