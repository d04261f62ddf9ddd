/** The code blocks of the README and the documentation, and the programs, tags and scripts in them. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../published.js';

export interface Sample {
  /** `PAGE-N`, where N counts the blocks of the page. */
  readonly id: string;
  readonly page: string;
  readonly language: string;
  /** What the fence names it, when it is a whole program. */
  readonly file: string | null;
  readonly code: string;
  /** The page and the line where it begins. */
  readonly place: string;
}

const CONTENT = 'demo/docs/content/';

const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, CONTENT), { recursive: true })
    .map((name) => CONTENT + String(name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md'))
    .sort(),
];

const samplesOf = (path: string): Sample[] => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const page = path.replace(/^demo\/docs\/content\/|\.md$/g, '').replaceAll('/', '-');
  return [...text.matchAll(/^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)].map((found, index) => {
    const [, language = '', info, code = ''] = found;
    const line = text.slice(0, found.index).split('\n').length + 1;
    return {
      id: `${page}-${index}`,
      page,
      language,
      file: info?.includes('.') ? info : null,
      code,
      place: `${path}:${line}`,
    };
  });
};

export const SAMPLES: readonly Sample[] = PAGES.flatMap(samplesOf);

/** Fences that the pages hold: what is not taken for a sample would be checked by nothing. */
export const FENCES = PAGES.reduce(
  (count, path) => count + (readFileSync(join(ROOT, path), 'utf8').match(/^ *```\w/gm)?.length ?? 0),
  0,
);

/** A block of several programs begins each with a comment, after an empty line. */
export const programsOf = ({ code }: Sample): string[] =>
  code.startsWith('// ') ? code.split(/\n\n(?=\/\/ )/) : [code];

export interface Tag {
  readonly attributes: readonly { readonly name: string; readonly value: string | null }[];
}

const VALUE = /"[^"]*"|'[^']*'|\{(?:[^{}]|\{[^{}]*\})*\}/.source;
/** A name with or without a value, or the settings that Svelte and JSX spread. */
const ATTRIBUTE = `(?:\\{\\.{3}(?:[^{}]|\\{[^{}]*\\})*\\}|([^\\s=>/{]+)(?:=(${VALUE}))?)`;

/** The tags in markup of any framework. @throws Error for a tag that cannot be read. */
export const tagsIn = ({ code, place }: Sample): Tag[] => {
  const starts = code.match(/<(fastio-upload|FastioUpload)(?=[\s>])/g) ?? [];
  const tags = [...code.matchAll(new RegExp(`<(?:fastio-upload|FastioUpload)((?:\\s+${ATTRIBUTE})*)\\s*/?>`, 'g'))];
  if (tags.length !== starts.length) throw new Error(`${place}: a tag that cannot be read`);
  return tags.map(([, text = '']) => ({
    attributes: [...text.matchAll(new RegExp(ATTRIBUTE, 'g'))].flatMap(([, name, value]) =>
      name === undefined ? [] : [{ name, value: value?.slice(1, -1) ?? null }],
    ),
  }));
};

/** Scripts in a page or a component, by the value of their `type`. */
export const scriptsIn = ({ code }: Sample): { readonly type: string; readonly code: string }[] =>
  [...code.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gs)].map(([, attributes = '', text = '']) => ({
    type: /type="([^"]*)"/.exec(attributes)?.[1] ?? '',
    code: text,
  }));
