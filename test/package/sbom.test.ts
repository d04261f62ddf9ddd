/** What the package consists of, as it is written down at a release. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from './published.js';

const run = promisify(execFile);

interface Materials {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly { readonly name: string; readonly version: string; readonly scope: string }[];
}

describe('the bill of materials', () => {
  it('names the package, each of its dependencies, and what the build put into its files', async () => {
    const { stdout } = await run(process.execPath, ['test/tools/sbom.mjs'], { cwd: ROOT, maxBuffer: 1 << 26 });
    const { bomFormat, metadata, components }: Materials = JSON.parse(stdout);
    assert.deepEqual([bomFormat, metadata.component.name], ['CycloneDX', 'fastio-upload']);
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const named = components.map(({ name }) => name);
    for (const name of [...Object.keys(dependencies), '@noble/hashes', '@lit/react', 'lit-element'])
      assert.ok(named.includes(name), `${name} is missing among ${named.join(', ')}`);
    for (const name of ['typescript', 'vite', 'react']) assert.ok(!named.includes(name), `${name} is no part of it`);
    assert.ok(components.every(({ scope }) => scope === 'required'));
  });
});
