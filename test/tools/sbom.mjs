/**
 * Prints what the package consists of, in CycloneDX: its dependencies, and the packages whose code the build put into its
 * files, which `dist/third-party-licenses.txt` names.
 *
 *   npm run --silent sbom > fastio-upload.cdx.json
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NOTICES = ['dist/third-party-licenses.txt', 'dist/cdn/third-party-licenses.txt'];

const ARGS = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'library'];
const all = JSON.parse(execFileSync('npm', ARGS, { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 26 }));
const { name, dependencies: direct } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

// npm calls the package by its folder.
const { component } = all.metadata;
component.name = name;

/** What is installed with the package: npm's `--omit dev` leaves out what a tool of the build needs as well. */
const needs = new Map(all.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
const nameOf = (reference) => reference.replace(/@[^@]+$/, '');
const installed = new Set(needs.get(component['bom-ref']).filter((reference) => nameOf(reference) in direct));
for (const reference of installed) for (const other of needs.get(reference) ?? []) installed.add(other);

const bundled = new Set(
  NOTICES.flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/^(\S+) (\S+) \([^()\n]+\)$/gm)].map(
      ([, packageName, version]) => `${packageName}@${version}`,
    ),
  ),
);

const parts = all.components.filter((part) => installed.has(part['bom-ref']) || bundled.has(part['bom-ref']));
const kept = new Set([component['bom-ref'], ...parts.map((part) => part['bom-ref'])]);
const missing = [...bundled].filter((reference) => !kept.has(reference));
if (missing.length > 0) throw new Error(`npm does not know ${missing.join(', ')}: run "npm run build" again.`);

const dependencies = all.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((reference) => kept.has(reference)) }));
// What was a dependency of the build only is a part of the package by now.
const components = parts.map((part) => ({ ...part, scope: 'required' }));
process.stdout.write(`${JSON.stringify({ ...all, components, dependencies }, null, 2)}\n`);
