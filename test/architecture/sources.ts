/** The sources as text, for tests that hold rules about them. */

import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

export interface SourceText {
  /** Relative to `src`, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export const readSources = (): SourceText[] =>
  readdirSync(SRC, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => ({ path, text: readFileSync(SRC + path, 'utf8') }));

export interface ImportLine {
  readonly from: string;
  readonly line: number;
  /** The file it names relative to `src`, or the bare name of a package. */
  readonly to: string;
  /** Only types are named, so that nothing of it is there when the code runs. */
  readonly isType: boolean;
}

// `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`; types are no exception.
const SPECIFIER =
  /^(?:import|export)\b[^'";]*\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

export interface Specifier {
  readonly specifier: string;
  readonly line: number;
  readonly isType: boolean;
}

/** What a module names, in TypeScript or JavaScript. */
export const readSpecifiers = (text: string): Specifier[] =>
  [...text.matchAll(SPECIFIER)].map((match) => ({
    specifier: match[1] ?? match[2] ?? match[3] ?? '',
    line: text.slice(0, match.index + match[0].length).split('\n').length,
    isType: /^(?:import|export)\s+type\b/.test(match[0]),
  }));

export const readImports = ({ path, text }: SourceText): ImportLine[] =>
  readSpecifiers(text).map(({ specifier, line, isType }) => {
    const isRelative = specifier.startsWith('.');
    const to = isRelative ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts') : specifier;
    return { from: path, line, to, isType };
  });
