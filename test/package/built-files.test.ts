/** The built files run as they are: nothing in them waits for another build. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { builtFiles, packageJson, ROOT, readBuilt } from './published.js';

const run = promisify(execFile);

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']([^"']+)["']/g;
const importsOf = (path: string): string[] => [...readBuilt(path).matchAll(IMPORT)].map((match) => match[1] ?? '');
const isBare = (specifier: string): boolean => !specifier.startsWith('.');

describe('built files', () => {
  it('are plain ES modules without decorator syntax', async () => {
    // The engine of Node parses what browsers parse, and knows no decorators: a build that left one in fails here.
    for (const path of builtFiles('.js')) await run(process.execPath, ['--check', join(ROOT, path)]);
  });

  it('name no package but Lit, and no runtime but the one they are for', () => {
    const foreign = builtFiles('.js').flatMap((path) =>
      importsOf(path)
        .filter(isBare)
        .filter((name) => {
          if (/^dist\/(emulator\/|server\/node\.js)/.test(path)) return !name.startsWith('node:');
          if (/^dist\/(element\/|define\.js|index\.js)/.test(path)) return !/^lit(\/|$)/.test(name);
          return true;
        })
        .map((name) => `${path} imports ${name}`),
    );
    assert.deepEqual(foreign, []);
  });

  it('import without touching the page: a server may load the classes', async () => {
    const url = pathToFileURL(join(ROOT, 'dist/index.js')).href;
    const script = `
      const before = Object.getOwnPropertyNames(globalThis);
      await import(${JSON.stringify(url)});
      const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
      // Lit keeps its versions there, and stands in for the class that a browser has.
      console.log(JSON.stringify(added.filter((name) => !/^(lit|reactive)[A-Z]/.test(name))));
    `;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
    assert.deepEqual(JSON.parse(stdout), []);
  });

  it('hold one script that needs no other', () => {
    assert.deepEqual(
      importsOf(packageJson.unpkg).filter((name) => !name.startsWith('data:')),
      [],
    );
  });
});
