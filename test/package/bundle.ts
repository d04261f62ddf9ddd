import { join } from 'node:path';
import { build } from 'vite';
import { ROOT } from './published.js';

/** The entry and what it needs at once, without what it loads on demand and without a bundler's own runtime. */
export const bundle = async (entry: string): Promise<string> => {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: join(ROOT, entry), formats: ['es'] },
      rolldownOptions: { output: { minify: true }, external: [/^(react|vue|preact|solid-js)(\/|$)/, /^node:/] },
    },
  });
  const outputs = [built].flat().flatMap((result) => ('output' in result ? result.output : []));
  const chunks = new Map(outputs.flatMap((output) => (output.type === 'chunk' ? [[output.fileName, output]] : [])));
  const needed = new Set([...chunks.values()].filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  for (const name of needed) for (const other of chunks.get(name)?.imports ?? []) needed.add(other);
  return [...needed].map((name) => chunks.get(name)?.code ?? '').join('');
};
