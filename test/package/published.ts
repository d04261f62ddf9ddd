/** The package as it is published: `package.json` and what the build left in `dist`. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

type Target = string | { readonly types: string; readonly default: string };

interface PackageJson {
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, Target>>;
  readonly customElements: string;
  readonly 'web-types': string;
  readonly unpkg: string;
  readonly jsdelivr: string;
}

export const packageJson: PackageJson = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Relative to the root of the package, with forward slashes. */
export const builtFiles = (extension: string): string[] =>
  readdirSync(join(ROOT, 'dist'), { recursive: true })
    .map((name) => `dist/${String(name).replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith(extension))
    .sort();

export const readBuilt = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
