/** Puts what the server renders into the built page. */
import { readFile, writeFile } from 'node:fs/promises';
import { render } from './server/edit-form.js';

const page = await readFile('dist/edit.html', 'utf8');
await writeFile('dist/edit.html', page.replace('<!--form-->', await render()));
