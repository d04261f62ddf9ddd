/** `fastio-upload init`. */

import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import { BACKENDS, backendOf, type Choice, FRAMEWORKS, STORAGES } from './choices.js';
import { envFileOf } from './env-file.js';
import { handlersOf } from './handlers.js';
import { pageOf } from './pages.js';
import { type WrittenFile, writeFiles } from './write-files.js';

export const INIT_USAGE = `fastio-upload init [options]
  Asks three questions, and writes the page, the handler and the environment file. What exists is kept.

  --framework NAME   ${FRAMEWORKS.join(', ')}
  --backend NAME     ${BACKENDS.join(', ')}
  --storage NAME     ${STORAGES.join(', ')}
  --yes              asks nothing: the first of each, and the framework's own backend
  --dir FOLDER       folder of the application (default: this one)
`;

const pick = <Value extends string>(name: string, value: string | undefined, known: readonly Value[]) => {
  const found = known.find((one) => one === value);
  if (value !== undefined && found === undefined) throw new UsageError(`--${name} must be one of ${known.join(', ')}`);
  return found;
};

const defaultsFor = ({
  framework = FRAMEWORKS[0],
  backend = backendOf(framework),
  storage = STORAGES[0],
}: Partial<Choice>) => ({
  framework,
  backend,
  storage,
});

const isWhole = (given: Partial<Choice>): given is Choice =>
  given.framework !== undefined && given.backend !== undefined && given.storage !== undefined;

/** @returns the exit code: 1 when a file existed and was kept. @throws UsageError */
export const init = async (args: readonly string[], print: (text: string) => void): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      framework: { type: 'string' },
      backend: { type: 'string' },
      storage: { type: 'string' },
      yes: { type: 'boolean', default: false },
      dir: { type: 'string', default: '.' },
    },
  });
  const framework = pick('framework', values.framework, FRAMEWORKS);
  const backend = pick('backend', values.backend, BACKENDS);
  const storage = pick('storage', values.storage, STORAGES);
  const choice = await complete(
    { ...(framework && { framework }), ...(backend && { backend }), ...(storage && { storage }) },
    values.yes,
  );
  const files = [pageOf(choice), ...handlersOf(choice), envFileOf(choice.storage)];
  const written = await writeFiles(values.dir, files);
  print(summary(written, choice));
  return written.every(({ outcome }) => outcome === 'written') ? 0 : 1;
};

const complete = async (given: Partial<Choice>, isSilent: boolean): Promise<Choice> => {
  if (isWhole(given)) return given;
  if (isSilent) return defaultsFor(given);
  if (!process.stdin.isTTY)
    throw new UsageError('without a terminal, give --framework, --backend and --storage, or --yes');
  // Imported on demand, because the questions need a library.
  const { askChoice } = await import('./ask.js');
  return askChoice(given);
};

const OWN_SERVERS: ReadonlySet<string> = new Set(['node', 'express']);

const summary = (written: readonly WrittenFile[], { framework, backend }: Choice): string => {
  const handler = written[1]?.path;
  const packages = ['fastio-upload', ...(backend === 'express' ? ['express'] : [])].join(' ');
  const isOwn = OWN_SERVERS.has(backend);
  const usesVite = isOwn && framework !== 'plain';
  const steps = [
    `npm install ${packages}`,
    'fill in .env, and keep it out of version control',
    ...(isOwn ? ['node --env-file=.env server.mjs'] : []),
    ...(usesVite ? [`in vite.config.js: server: { proxy: { '/api/uploads': 'http://localhost:3000' } }`] : []),
    `replace authorize in ${handler} by your own sign-in`,
  ];
  return [
    ...written.map(
      ({ path, outcome }) =>
        `${outcome === 'written' ? 'wrote' : 'kept '} ${path}${outcome === 'kept' ? ' (it exists)' : ''}`,
    ),
    '',
    'Next:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    '',
  ].join('\n');
};
