/** `npm run screenshots [-- browser …]`: every state in every look and browser, as PNG below `screenshots/`; `STATES=a,b` takes some. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCamera } from './browsers.js';
import { ROOT, serve } from './serve.js';

const OUT = join(ROOT, 'screenshots');
const FORCED = ['none', 'light', 'dark'] as const;

/** Those of `states.ts`, which needs a page. */
const NAMES = [
  ...[
    'empty',
    'dragging',
    'dragging-beside-files',
    'veil',
    'veil-dark',
    'mixed',
    'refused',
    'done',
    'disabled',
    'needs-file',
  ],
  ...[
    'many',
    'summary',
    'grid',
    'order',
    'order-dark',
    'order-narrow',
    'order-grid',
    'undo',
    'field',
    'field-going',
    'field-failed',
    'required',
    'stored',
    'fields',
    'failed',
    'words',
    'words-grid',
    'offline',
  ],
  ...['themes', 'brands-empty', 'brands', 'brands-grid'],
  ...['focus-list', 'focus-remedy', 'focus-tile', 'focus-picture', 'focus-picture-dark', 'focus-choose'],
  ...['film-add', 'film-remove', 'film-done', 'film-order', 'film-drag', 'film-grid'],
];

const site = await serve();
const wanted = process.argv.slice(2);
const only = process.env.STATES?.split(',');
for (const browser of wanted.length > 0 ? wanted : ['chromium', 'firefox', 'webkit']) {
  const folder = join(OUT, browser);
  await mkdir(folder, { recursive: true });
  const camera = await startCamera(browser);
  for (const name of only ?? NAMES) {
    for (const forcedColors of FORCED) {
      const isForced = forcedColors !== 'none';
      const url = `${site.origin}/test/screenshots/page.html?state=${name}${isForced ? `&forced=${forcedColors}` : ''}`;
      const file = isForced ? `${name}-forced-${forcedColors}.png` : `${name}.png`;
      await writeFile(join(folder, file), await camera.take({ url, forcedColors }));
      console.log(`${browser} ${file}`);
    }
  }
  await camera.close();
}
await site.close();
