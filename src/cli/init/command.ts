/** `fastio-upload init`. */

import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.js';
import { BACKENDS, backendOf, type Choice, FRAMEWORKS, type Framework, STORAGES } from './choices.js';
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

/** Where the page is seen, by framework, while it is developed. */
const PAGE_URLS: Readonly<Record<Framework, string>> = {
  plain: 'http://localhost:3000',
  react: 'http://localhost:5173',
  vue: 'http://localhost:5173',
  svelte: 'http://localhost:5173',
  next: 'http://localhost:3000/uploads',
  sveltekit: 'http://localhost:5173/uploads',
  astro: 'http://localhost:4321/uploads',
};

/** How the page comes to be seen. */
const stepsToPage = ({ framework, backend }: Choice, page: string): readonly string[] => {
  if (!OWN_SERVERS.has(backend)) return [`npm run dev, and open ${PAGE_URLS[framework]}`];
  const server = 'node --env-file=.env server.mjs';
  if (framework === 'plain') return [`${server}, and open ${PAGE_URLS.plain}`];
  return [
    `${server}, in a terminal of its own: it serves uploads only, the page comes from Vite`,
    // Vite's short form changes the Host header, by which the gateway knows the pages of its own origin.
    `in the Vite configuration: server: { proxy: { '/api/uploads': { target: 'http://localhost:3000' } } }`,
    `show ${page} in your application, npm run dev, and open ${PAGE_URLS[framework]}`,
  ];
};

const summary = (written: readonly WrittenFile[], choice: Choice): string => {
  const { framework, backend, storage } = choice;
  const handler = written[1]?.path;
  const packages = ['fastio-upload', ...(backend === 'express' ? ['express'] : [])].join(' ');
  const { origin } = new URL(PAGE_URLS[framework]);
  const steps = [
    `npm install ${packages}`,
    'fill in .env, and keep it out of version control (.gitignore)',
    ...(backend === 'next' ? ['in next.config: skipTrailingSlashRedirect: true'] : []),
    ...stepsToPage(choice, written[0]?.path ?? ''),
    ...(storage === 's3'
      ? [`allow ${origin} in the bucket's CORS rules, as npx fastio-upload check ${origin}/api/uploads prints them`]
      : []),
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
