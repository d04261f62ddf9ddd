/** Every code sample of the README and the documentation is checked against the package as it is built. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { compile } from 'svelte/compiler';
import { compileTemplate, parse } from 'vue/compiler-sfc';
import { packageJson, ROOT, readBuilt } from './published.js';
import { FENCES, programsOf, SAMPLES, type Sample, scriptsIn, tagsIn } from './samples/extract.js';

const run = promisify(execFile);

interface Named {
  readonly name: string;
  readonly description?: string;
}

interface Declaration {
  readonly attributes: readonly Named[];
  readonly members: readonly Named[];
  readonly events: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
  readonly cssStates: readonly Named[];
}

const ELEMENT: Declaration = JSON.parse(readBuilt(packageJson.customElements)).modules[0].declarations[0];
const names = (list: readonly Named[]): Set<string> => new Set(list.map(({ name }) => name));

/** Parts, and those that descriptions name beside them: "also `row-queued`, `row-uploading`, … after its state". */
const isPart = (part: string): boolean => {
  const family = part.replace(/[^-]+$/, '');
  return ELEMENT.cssParts.some(({ name, description = '' }) => {
    if (name === part || description.includes(`\`${part}\``)) return true;
    return description.includes('…') && description.includes(`\`${family}`);
  });
};

const inLanguage = (...languages: string[]): Sample[] => SAMPLES.filter(({ language }) => languages.includes(language));

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Attributes of every element, and what frameworks bind. */
const IS_GENERAL = /^(id|class|style|lang|dir|slot|hidden|title|tabindex|v-model|(aria|data)-.+)$/;

/** Names on a tag that the element does not know. */
const unknownOn = (sample: Sample): string[] => {
  const [attributes, members, events] = [names(ELEMENT.attributes), names(ELEMENT.members), names(ELEMENT.events)];
  return tagsIn(sample).flatMap(({ attributes: written }) =>
    written
      .filter(({ name }) => {
        const [, event] = /^(?:@|on:?|\()([a-z-]+)\)?$/.exec(name) ?? [];
        if (event?.includes('-')) return !events.has(event);
        const bound = name.replace(/^(?::|v-bind:)|^\[(.*)\]$/g, '$1');
        if (bound === name) return !attributes.has(kebab(name)) && !IS_GENERAL.test(name);
        return !attributes.has(kebab(bound)) && !members.has(bound);
      })
      .map(({ name }) => `${sample.place}: ${name}`),
  );
};

/** The tag as JSX, where its types say which values are right. */
const asJsx = (sample: Sample): string[] =>
  tagsIn(sample).map(({ attributes }) => {
    const props = attributes.map(({ name, value }) => {
      if (value === null || name === 'style') return name === 'style' ? '' : name;
      return /^[[{]/.test(value) ? `${name}={${value}}` : `${name}=${JSON.stringify(value)}`;
    });
    return `export default <fastio-upload ${props.join(' ')} />;\n`;
  });

/**
 * Files of a program that holds a sample each. Those of one page lie in one folder, where they can import each other.
 * JavaScript is written as TypeScript, because a script may set what does not exist on an object.
 */
const writeProgram = (folder: string, samples: readonly Sample[]): void => {
  const write = (path: string, code: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  };
  for (const sample of samples) {
    const { id, page, language, file } = sample;
    if (language === 'html') {
      scriptsIn(sample)
        .filter(({ type, code }) => type !== 'importmap' && code !== '')
        .forEach(({ code }, index) => {
          write(`${page}/${id}-script-${index}.ts`, code);
        });
      asJsx(sample).forEach((code, index) => {
        write(`${page}/${id}-tag-${index}.tsx`, `/** @jsxImportSource react */ ${code}`);
      });
    } else if (language === 'vue' || language === 'svelte') {
      for (const { code } of scriptsIn(sample)) write(`${page}/${id}.ts`, code);
    } else {
      const source = page === 'frameworks-solid' ? 'solid-js' : 'react';
      const pragma = language.endsWith('x') ? `/** @jsxImportSource ${source} */ ` : '';
      programsOf(sample).forEach((code, index) => {
        const name = file ?? `${id}-${index}.${language}`;
        write(`${page}/${name.replace(/js(x?)$/, 'ts$1')}`, pragma + code);
      });
    }
  }
};

/** As an application has it that is written in JavaScript, but for names and options that do not exist. */
const OPTIONS = {
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'Bundler',
  moduleDetection: 'force',
  lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: ['node', 'express', 'svelte'],
  jsx: 'react-jsx',
  experimentalDecorators: true,
  skipLibCheck: true,
  noEmit: true,
};

describe('code samples', () => {
  // Inside of the package, where its own name leads to what is built.
  mkdirSync(join(ROOT, 'coverage'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'coverage/samples-'));
  after(() => rmSync(folder, { recursive: true }));

  const compileAll = async (samples: readonly Sample[], strict: boolean): Promise<void> => {
    const program = join(folder, strict ? 'strict' : 'loose');
    writeProgram(program, samples);
    // In an application `types` of its tsconfig brings them; within the package that would not find it.
    writeFileSync(join(program, 'jsx.ts'), "import 'fastio-upload/jsx/react';\nimport 'fastio-upload/jsx/solid';\n");
    cpSync(join(ROOT, 'test/package/samples/given.d.ts'), join(program, 'given.d.ts'));
    const config = { compilerOptions: { ...OPTIONS, strict }, include: ['.'] };
    writeFileSync(join(program, 'tsconfig.json'), JSON.stringify(config));
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [compiler, '-p', program], { cwd: program }).catch(({ stdout }) => {
      throw new Error(stdout);
    });
  };

  it('are all found, and in a language that is checked', () => {
    const checked = ['html', 'js', 'jsx', 'ts', 'tsx', 'vue', 'svelte', 'json', 'sh', 'text'];
    assert.equal(SAMPLES.length, FENCES);
    assert.deepEqual(
      SAMPLES.filter(({ language }) => !checked.includes(language)).map(({ place }) => place),
      [],
    );
  });

  it('in JavaScript and markup use what the package has', async () => {
    await compileAll(inLanguage('js', 'jsx', 'html', 'vue', 'svelte'), false);
  });

  it('in TypeScript compile strictly', async () => {
    await compileAll(inLanguage('ts', 'tsx'), true);
  });

  it('set attributes and hear events that the element has', () => {
    assert.deepEqual(inLanguage('html', 'vue', 'svelte', 'ts').flatMap(unknownOn), []);
  });

  it('style parts, custom properties and states that the element has', () => {
    const [properties, states] = [names(ELEMENT.cssProperties), names(ELEMENT.cssStates)];
    const known: readonly (readonly [RegExp, (name: string) => boolean])[] = [
      [/::part\(([\w-]+)\)/g, isPart],
      [/(--fastio-upload-[\w-]+)/g, (name) => properties.has(name)],
      [/fastio-upload:state\(([\w-]+)\)/g, (name) => states.has(name)],
    ];
    for (const { code, place } of SAMPLES) {
      for (const [pattern, isKnown] of known)
        for (const [, name = ''] of code.matchAll(pattern)) assert.ok(isKnown(name), `${place}: ${name}`);
    }
  });

  it('in Vue and Svelte compile', () => {
    for (const { code, place, id } of inLanguage('vue')) {
      const { descriptor, errors } = parse(code);
      const source = descriptor.template?.content ?? '';
      const compiled = compileTemplate({ source, id, filename: place });
      assert.deepEqual([...errors, ...compiled.errors], [], place);
    }
    for (const { code, place } of inLanguage('svelte')) compile(code, { filename: place });
  });

  it('in JSON are JSON', () => {
    for (const { code, place } of inLanguage('json')) assert.doesNotThrow(() => JSON.parse(code), place);
  });

  it('map imports to files that the packages have', () => {
    const maps = inLanguage('html').flatMap((sample) => scriptsIn(sample).filter(({ type }) => type === 'importmap'));
    assert.ok(maps.length > 0);
    for (const { code } of maps) {
      for (const [name, url] of Object.entries<string>(JSON.parse(code).imports)) {
        const path = url.replace('/vendor/', 'node_modules/').replace('node_modules/fastio-upload/', '');
        assert.ok(existsSync(join(ROOT, path)), `${name} leads to ${url}, which is not there`);
      }
    }
  });

  it('of the shell name scripts and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const { code, place } of inLanguage('sh')) {
      let cwd = ROOT;
      for (const line of code.split('\n')) {
        const [, into] = /^cd (\S+)/.exec(line) ?? [];
        if (into !== undefined) cwd = join(ROOT, into);
        const own = cwd === ROOT ? scripts : JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8')).scripts;
        for (const [, name = ''] of line.matchAll(/\bnpm (?:run )?(build|start|test[:\w]*)/g))
          assert.ok(name in own, `${place}: npm run ${name}`);
        for (const [, name = ''] of line.matchAll(/\bnode (demo\/\S+)/g))
          assert.ok(existsSync(join(ROOT, name)), place);
      }
    }
  });

  it('say what `init` really prints', async () => {
    const [command, printed] = SAMPLES.filter(
      ({ page, language }) => page === 'start-first-upload' && ['sh', 'text'].includes(language),
    );
    const args = command?.code.trim().replace('npx fastio-upload ', '').split(' ') ?? [];
    const cwd = mkdtempSync(join(tmpdir(), 'fastio-upload-init-'));
    const { stdout } = await run(process.execPath, [join(ROOT, 'dist/cli/main.js'), ...args], { cwd });
    rmSync(cwd, { recursive: true });
    assert.equal(stdout.trim(), printed?.code.trim());
  });
});
