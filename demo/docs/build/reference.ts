/** Tables of the element's face, read from the manifest that the build of the package makes, and the script tags for it. */

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Described {
  readonly name?: string;
  readonly description?: string;
  readonly summary?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
}

interface Declaration {
  readonly tagName?: string;
  readonly attributes?: readonly Described[];
  readonly events?: readonly Described[];
  readonly slots?: readonly Described[];
  readonly cssParts?: readonly Described[];
  readonly cssProperties?: readonly Described[];
  readonly cssStates?: readonly Described[];
}

interface Manifest {
  readonly modules: readonly { readonly declarations?: readonly Declaration[] }[];
}

const TAG = 'fastio-upload';

const readElement = async (projectRoot: string): Promise<Declaration> => {
  const path = join(projectRoot, 'dist', 'custom-elements.json');
  const manifest: Manifest = JSON.parse(await readFile(path, 'utf8'));
  const found = manifest.modules
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ tagName }) => tagName === TAG);
  if (found === undefined) throw new Error(`${path} does not describe <${TAG}>: run "npm run build" first.`);
  return found;
};

/** One line of a table; a pipe would end the cell. */
const cell = (text: string | undefined): string =>
  (text ?? '')
    .replace(/\s+/g, ' ')
    .replaceAll('|', '\\|')
    .replace(/<(?!\/?code)/g, '&lt;')
    .trim();

const code = (text: string | undefined): string => (text ? `\`${cell(text).replaceAll('&lt;', '<')}\`` : '');

const describe = ({ description, summary }: Described): string => cell(description ?? summary);

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const sorted = (items: readonly Described[] = []): readonly Described[] =>
  [...items].sort((a, b) => (a.name ?? '').localeCompare(b.name ?? ''));

const TABLES: Readonly<Record<string, (element: Declaration) => string>> = {
  attributes: ({ attributes }) =>
    table(
      ['Attribute', 'Meaning', 'Default'],
      sorted(attributes).map((item) => [code(item.name), describe(item), code(item.default)]),
    ),
  events: ({ events }) =>
    table(
      ['Event', 'When', 'Type'],
      sorted(events).map((item) => [code(item.name), describe(item), code(item.type?.text)]),
    ),
  slots: ({ slots }) =>
    table(
      ['Slot', 'For'],
      sorted(slots).map((item) => [code(item.name), describe(item)]),
    ),
  parts: ({ cssParts }) =>
    table(
      ['Part', 'What it is'],
      sorted(cssParts).map((item) => [code(item.name), describe(item)]),
    ),
  'custom-properties': ({ cssProperties }) =>
    table(
      ['Custom property', 'What it sets', 'Default'],
      sorted(cssProperties).map((item) => [code(item.name), describe(item), code(item.default)]),
    ),
  states: ({ cssStates }) =>
    table(
      ['State', 'When'],
      sorted(cssStates).map((item) => [code(item.name), describe(item)]),
    ),
};

const readVersion = async (projectRoot: string): Promise<string> =>
  JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')).version;

/** What a browser compares a file with before it runs it. */
const integrityOf = async (path: string): Promise<string> =>
  `sha384-${createHash('sha384')
    .update(await readFile(path))
    .digest('base64')}`;

const html = (lines: readonly string[]): string => ['```html', ...lines, '```'].join('\n');

/** Of this version, with hashes of the files as they are built: a version's files never change. */
const scriptTags = async (projectRoot: string): Promise<Readonly<Record<string, string>>> => {
  const folder = join(projectRoot, 'dist', 'cdn');
  const base = `https://cdn.jsdelivr.net/npm/${TAG}@${await readVersion(projectRoot)}/dist/cdn/`;
  const main = `${TAG}.js`;
  const later = (await readdir(folder)).filter((name) => name.endsWith('.js') && name !== main).sort();
  const hashes = await Promise.all(
    later.map(async (name) => [base + name, await integrityOf(join(folder, name))] as const),
  );
  return {
    'script-tag': html([
      `<script type="module" src="${base}${main}"`,
      `  integrity="${await integrityOf(join(folder, main))}" crossorigin="anonymous"></script>`,
    ]),
    'script-integrity': html([
      '<script type="importmap">',
      ...JSON.stringify({ integrity: Object.fromEntries(hashes) }, null, 2).split('\n'),
      '</script>',
    ]),
  };
};

/**
 * Puts tables and script tags in the place of comments such as `<!-- reference: attributes -->`. @throws Error for an
 * unknown name.
 */
export const fillReferences = async (text: string, projectRoot: string): Promise<string> => {
  if (!text.includes('<!-- reference:')) return text;
  const element = await readElement(projectRoot);
  const tags = await scriptTags(projectRoot);
  return text.replace(/<!-- reference: ([\w-]+) -->/g, (_, name: string) => {
    const made = tags[name] ?? TABLES[name]?.(element);
    if (made === undefined)
      throw new Error(`no reference "${name}"; known: ${[...Object.keys(tags), ...Object.keys(TABLES)].join(', ')}`);
    return made;
  });
};
