/** What editors and documentation read of the package. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SETTINGS } from '../../src/element/page/settings.js';
import { ENGINE_EVENTS } from '../../src/engine/upload/events.js';
import { packageJson, ROOT, readBuilt } from './published.js';

interface Named {
  readonly name: string;
  readonly description?: string;
  readonly kind?: string;
  readonly attribute?: string;
}

interface Declaration {
  readonly name: string;
  readonly tagName: string;
  readonly members: readonly Named[];
  readonly attributes: readonly Named[];
  readonly events: readonly Named[];
}

interface Manifest {
  readonly modules: readonly { readonly path: string; readonly declarations: readonly Declaration[] }[];
}

const manifest: Manifest = JSON.parse(readBuilt('dist/custom-elements.json'));
const [declaration] = manifest.modules.flatMap(({ declarations }) => declarations);
assert.ok(declaration);

const namesOf = (list: readonly Named[]): string[] => list.map(({ name }) => name).sort();

describe('the custom elements manifest', () => {
  it('describes the one public class, and names only modules that can be imported', () => {
    const entries = Object.values(packageJson.exports).map((target) =>
      typeof target === 'string' ? target : target.default,
    );
    for (const { path } of manifest.modules) assert.ok(entries.includes(`./${path}`), path);
    assert.deepEqual([declaration.name, declaration.tagName], ['FastioUpload', 'fastio-upload']);
    assert.equal(manifest.modules.flatMap(({ declarations }) => declarations).length, 1);
  });

  it('knows every setting, and describes each', () => {
    const known = new Set(namesOf(declaration.members));
    assert.deepEqual(
      SETTINGS.filter((name) => !known.has(name)),
      [],
    );
    const silent = [...declaration.attributes, ...declaration.events].filter(
      ({ description = '' }) => description === '',
    );
    assert.deepEqual(namesOf(silent), []);
  });

  it('knows every event that the element sends, and no other', () => {
    const sent = ENGINE_EVENTS.filter((name) => name !== 'limits-changed' && name !== 'resume-unavailable');
    assert.deepEqual(namesOf(declaration.events), [...sent, 'input', 'change'].sort());
  });

  it('hides what is internal', () => {
    const inner = declaration.members.filter(({ name }) => /^(_|#|render|updated|willUpdate|internals)/.test(name));
    assert.deepEqual(inner, []);
  });
});

describe('what is made from it', () => {
  const attributes = namesOf(declaration.attributes);

  it('are web-types with every attribute and event', () => {
    const [element] = JSON.parse(readBuilt('dist/web-types.json')).contributions.html.elements;
    assert.deepEqual(namesOf(element.attributes), attributes);
    assert.deepEqual(namesOf(element.js.events), namesOf(declaration.events));
  });

  it('are the custom data of VS Code with every attribute', () => {
    const [tag] = JSON.parse(readBuilt('dist/vscode.html-custom-data.json')).tags;
    assert.deepEqual(namesOf(tag.attributes), attributes);
  });

  it('is a text for language models that names all of them', () => {
    const text = readBuilt('dist/llms.txt');
    const missing = [...attributes, ...namesOf(declaration.events)].filter((name) => !text.includes(`\`${name}\``));
    assert.deepEqual(missing, []);
  });

  it('is found by editors through package.json', () => {
    for (const path of [packageJson.customElements, packageJson['web-types']]) assert.ok(existsSync(join(ROOT, path)));
  });
});
