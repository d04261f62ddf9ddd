/** The built files run as they are: nothing in them waits for another build. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { SourceMap } from 'node:module';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { readSpecifiers } from '../architecture/sources.js';
import { builtFiles, packageJson, ROOT, readBuilt } from './published.js';

const run = promisify(execFile);

const importsOf = (path: string): string[] => readSpecifiers(readBuilt(path)).map(({ specifier }) => specifier);
const VM_FLAGS = ['--experimental-vm-modules', '--no-warnings', '--input-type=module'];
/** Conditions that bundlers and runtimes of servers choose by. */
const SERVERS = [
  [],
  ['development'],
  ['browser'],
  ['browser', 'development'],
  ['workerd', 'worker', 'browser'],
  ['edge-light'],
];
/** All entries that are scripts. */
const SCRIPTS = Object.entries(packageJson.exports).flatMap(([entry, target]) =>
  typeof target === 'string' ? [] : [entry.replace('.', 'fastio-upload')],
);
const isBare = (specifier: string): boolean => !specifier.startsWith('.');

describe('built files', () => {
  it('are plain ES modules without decorator syntax', async () => {
    // V8 parses here as in a browser, and knows no decorators: a build that left one in fails.
    const script = `
      import { readFileSync } from 'node:fs';
      import { SourceTextModule } from 'node:vm';
      for (const identifier of process.argv.slice(1)) new SourceTextModule(readFileSync(identifier, 'utf8'), { identifier });
    `;
    await run(process.execPath, [...VM_FLAGS, '--eval', script, ...builtFiles('.js')], { cwd: ROOT });
  });

  it('name no package but Lit and the framework they are for, and no runtime but the one they are for', () => {
    const foreign = builtFiles('.js').flatMap((path) =>
      importsOf(path)
        .filter(isBare)
        .filter((name) => {
          // Import lines in the text of what `init` writes.
          if (/^dist\/cli\/init\/(handlers|pages)\.js$/.test(path)) return false;
          if (/^dist\/(emulator\/|testing\/|cli\/|server\/node\.js)/.test(path)) return !name.startsWith('node:');
          if (path === 'dist/element/lit-on-server.js') return name !== 'lit-html/is-server.js';
          if (path.startsWith('dist/server/storage/s3/')) return name !== 'aws4fetch';
          if (path.startsWith('dist/element/')) return !/^lit(\/|$)/.test(name);
          return !(path === 'dist/react.js' ? name === 'react' : path === 'dist/vue.js' && name === 'vue');
        })
        .map((name) => `${path} imports ${name}`),
    );
    assert.deepEqual(foreign, []);
  });

  for (const conditions of SERVERS) {
    it(`import on a server that chooses ${conditions.join(', ') || 'as Node does'}: silently, and it is no browser then`, async () => {
      const script = `
        const before = Object.getOwnPropertyNames(globalThis);
        for (const entry of ${JSON.stringify(SCRIPTS)}) await import(entry);
        const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
        // Lit keeps its versions there, and brings a registry where there is none; Vue keeps its state there.
        console.log(JSON.stringify(added.filter((name) => name !== 'customElements' && !/^((lit|reactive)[A-Z]|__VUE_)/.test(name))));
      `;
      const flags = conditions.map((condition) => `--conditions=${condition}`);
      const { stdout, stderr } = await run(process.execPath, [...flags, '--input-type=module', '--eval', script], {
        cwd: ROOT,
      });
      assert.deepEqual({ stderr, added: JSON.parse(stdout) }, { stderr: '', added: [] });
    });
  }

  it('register the tag by nothing but its own entries', async () => {
    const script = `
      await import('fastio-upload');
      const before = typeof customElements.get('fastio-upload');
      await import('fastio-upload/define');
      console.log(before, typeof customElements.get('fastio-upload'));
    `;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT });
    assert.equal(stdout.trim(), 'undefined function');
  });

  it('leave the tag as it is when a second copy of the package is loaded', async () => {
    const script = `
      const { FastioUpload } = await import('./dist/define.js');
      await import('./dist/define.js?second');
      console.log(customElements.get('fastio-upload') === FastioUpload);
    `;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: ROOT });
    assert.equal(stdout.trim(), 'true');
  });

  it('say to React that their components belong to the browser', () => {
    assert.match(readBuilt('dist/react.js'), /^["']use client["'];/);
  });

  it('bring the licences of what is bundled', () => {
    const [library, cdn] = ['dist/', 'dist/cdn/'].map((folder) => readBuilt(`${folder}third-party-licenses.txt`));
    for (const name of ['@lit/react', '@noble/hashes']) assert.ok(library?.includes(`${name} `), name);
    for (const name of ['lit-html', 'lit-element', '@lit/reactive-element']) assert.ok(cdn?.includes(`${name} `), name);
    assert.match(`${cdn}`, /Copyright \(c\) 2017 Google LLC[\s\S]*Redistribution and use in source and binary forms/);
  });

  it('bring source maps for what no application bundles, and for nothing else', () => {
    const maps = builtFiles('.map');
    assert.ok(maps.includes(`${packageJson.unpkg}.map`));
    assert.deepEqual(
      maps.filter((path) => !path.startsWith('dist/cdn/')),
      [],
    );
  });

  it('bring the worker with each build, whole in itself, because it is asked for by its URL', () => {
    for (const path of ['dist/platform/hash-worker.js', 'dist/cdn/hash-worker.js']) {
      assert.deepEqual(importsOf(path), []);
      assert.match(readBuilt(path), /md5|MD5/);
    }
    assert.match(
      readBuilt('dist/platform/worker-hasher.js'),
      /new URL\(["`']\.\/hash-worker\.js["`'], ?import\.meta\.url\)/,
    );
  });

  it('hold one script that needs no other to begin with', async () => {
    const script = `
      import { readFileSync } from 'node:fs';
      import { SourceTextModule } from 'node:vm';
      const { dependencySpecifiers } = new SourceTextModule(readFileSync(process.argv[1], 'utf8'));
      console.log(JSON.stringify(dependencySpecifiers));
    `;
    const { stdout } = await run(process.execPath, [...VM_FLAGS, '--eval', script, packageJson.unpkg], { cwd: ROOT });
    assert.deepEqual(JSON.parse(stdout), []);
  });

  it('show in a debugger where each place of that script comes from', () => {
    const script = readBuilt(packageJson.unpkg);
    const payload = JSON.parse(readBuilt(`${packageJson.unpkg}.map`));
    const map = new SourceMap(payload);
    for (const [words, source] of [
      ['upload-before', 'src/engine/source/intake.ts'],
      ['fastio-upload/slots@', 'src/preset.ts'],
      ['formResetCallback', 'src/element/upload-element.ts'],
    ] as const) {
      const before = script.slice(0, script.indexOf(words)).split('\n');
      const entry = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0);
      assert.ok('originalSource' in entry, `${words} comes from nowhere`);
      assert.ok(entry.originalSource.endsWith(source), `${words} comes from ${entry.originalSource}`);
      const text: string = payload.sourcesContent[payload.sources.indexOf(entry.originalSource)];
      assert.ok(text.split('\n')[entry.originalLine]?.includes(words));
    }
  });
});
