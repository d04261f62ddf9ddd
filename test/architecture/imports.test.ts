/** Who may import whom: arrows point down only, and neighbours meet in `preset.ts` through the ports. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ImportLine, readImports, readSources } from './sources.js';

/** What each house of `src` may import besides itself. A house is a folder, or a file of the top level. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  ports: ['lib'],
  wire: ['lib'],
  engine: ['ports', 'lib'],
  locales: ['ports'],
  protocols: ['ports', 'wire', 'lib'],
  transports: ['ports', 'lib'],
  stores: ['ports', 'lib'],
  platform: ['ports', 'lib'],
  server: ['wire', 'lib'],
  emulator: ['wire', 'lib'],
  'browser-resumption.ts': ['engine', 'platform', 'stores', 'ports'],
  'load-resumption.ts': ['browser-resumption.ts', 'engine', 'lib'],
  'preset.ts': ['engine', 'load-resumption.ts', 'protocols', 'transports', 'platform', 'ports', 'wire', 'lib'],
  cli: ['wire', 'lib'],
  element: ['preset.ts', 'engine', 'locales', 'ports', 'lib'],
  'index.ts': ['element', 'locales', 'preset.ts', 'engine', 'protocols', 'stores', 'ports'],
  'define.ts': ['element', 'index.ts'],
  'development.ts': ['element', 'define.ts'],
  testing: ['emulator', 'server', 'engine'],
  frameworks: ['element', 'preset.ts', 'engine'],
  jsx: ['element', 'frameworks'],
  'react.ts': ['element', 'frameworks', 'jsx', 'preset.ts', 'define.ts'],
  'vue.ts': ['element', 'frameworks', 'preset.ts', 'define.ts'],
  'svelte.ts': ['element', 'frameworks'],
};

/** Packages and runtimes that a house may name. */
const MAY_NAME: Readonly<Record<string, RegExp>> = {
  element: /^lit(\/|$)/,
  'element/lit-on-server.ts': /^lit-html\/is-server.js$/,
  'react.ts': /^(react|@lit\/react)$/,
  'jsx/react.ts': /^react$/,
  'jsx/preact.ts': /^preact$/,
  'jsx/solid.ts': /^solid-js$/,
  'svelte.ts': /^svelte\/elements$/,
  'vue.ts': /^vue$/,
  emulator: /^node:/,
  testing: /^node:/,
  // Bundled: an application that uploads has no use for it.
  cli: /^(node:|@clack\/prompts$)/,
  // These two hold the text of files that are written for an application.
  'cli/init/handlers.ts': /^(node:[a-z/]+|fastio-upload\/server\/node|cli\/init\/uploads\.mjs)$/,
  'cli/init/pages.ts': /^(node:fs|vue|fastio-upload\/vue)$/,
  'server/node.ts': /^node:/,
  'server/storage/s3/s3-bucket.ts': /^aws4fetch$/,
  // Bundled: Web Crypto hashes nothing in pieces.
  'server/inspect/sha256.ts': /^@noble\/hashes\//,
};

/** The folders of the engine, from the bottom to the top; those of one row are strangers. Files beside them come last. */
const ENGINE_FLOORS: readonly (readonly string[])[] = [
  ['schedule'],
  ['upload'],
  ['source', 'tabs'],
  ['records'],
  ['drive'],
  ['.'],
];

/** Types that every folder of the engine may name: the options of the page, and the ports. */
const ENGINE_TYPES: readonly string[] = ['engine/options.ts', 'engine/engine-ports.ts'];

const roomOf = (path: string): string => path.match(/^engine\/([^/]+)\//)?.[1] ?? '.';

const floorOf = (path: string): number => ENGINE_FLOORS.findIndex((rooms) => rooms.includes(roomOf(path)));

const isDown = ({ from, to, isType }: ImportLine): boolean => {
  if (!from.startsWith('engine/') || !to.startsWith('engine/') || roomOf(from) === roomOf(to)) return true;
  return floorOf(to) < floorOf(from) || (isType && ENGINE_TYPES.includes(to));
};

const houseOf = (path: string): string => path.split('/')[0] ?? path;

const isAllowed = ({ from, to }: ImportLine): boolean => {
  const house = houseOf(from);
  if (!to.endsWith('.ts')) return (MAY_NAME[from] ?? MAY_NAME[house])?.test(to) ?? false;
  return houseOf(to) === house || (MAY_IMPORT[house]?.includes(houseOf(to)) ?? false);
};

const violationsIn = (imports: readonly ImportLine[]): string[] =>
  imports.filter((line) => !isAllowed(line)).map(({ from, line, to }) => `src/${from}:${line} must not import ${to}`);

describe('import directions', () => {
  const sources = readSources();

  it('knows every house of src', () => {
    const houses = new Set(sources.map(({ path }) => houseOf(path)));
    assert.deepEqual(
      [...houses].filter((house) => !(house in MAY_IMPORT)),
      [],
    );
  });

  it('points down only', () => {
    assert.deepEqual(violationsIn(sources.flatMap(readImports)), []);
  });

  it('points down only inside the engine, too', () => {
    assert.deepEqual(
      sources.flatMap(readImports).filter((line) => !isDown(line)),
      [],
    );
  });

  it('knows every folder of the engine', () => {
    const unknown = sources.filter(({ path }) => path.startsWith('engine/') && floorOf(path) < 0);
    assert.deepEqual(unknown, []);
  });

  it('would notice an upward arrow inside the engine, a neighbour, and a value where a type may be named', () => {
    const lines = (path: string, to: string) => readImports({ path, text: `import ${to}` });
    const [up, neighbour, value] = [
      lines('engine/schedule/slot-queue.ts', "type { Upload } from '../upload/upload.js';"),
      lines('engine/source/intake.ts', "{ Tabs } from '../tabs/tab-messages.js';"),
      lines('engine/source/intake.ts', "{ DEFAULT_OPTIONS } from '../options.js';"),
    ];
    const type = lines('engine/source/intake.ts', "type { EngineOptions } from '../options.js';");
    assert.deepEqual([up, neighbour, value, type].flat().map(isDown), [false, false, false, true]);
  });

  it('would notice an upward arrow, a neighbour and a foreign package', () => {
    const text = [
      "import type { Store } from '../ports/store.js';",
      "import type { FastioUpload } from '../element/fastio-upload.js';",
      "export { createChunked } from '../protocols/chunked.js';",
      "const lit = await import('lit');",
    ].join('\n');
    assert.deepEqual(violationsIn(readImports({ path: 'engine/upload.ts', text })), [
      'src/engine/upload.ts:2 must not import element/fastio-upload.ts',
      'src/engine/upload.ts:3 must not import protocols/chunked.ts',
      'src/engine/upload.ts:4 must not import lit',
    ]);
  });
});
