/** SvelteKit, rendered on a server. */

import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Application, type Server } from './support/application.js';
import { formRecipe, sendByElement, sendWithoutScripts } from './support/form-recipe.js';
import { Site } from './support/site.js';

describe('an application in SvelteKit', () => {
  let application: Application;
  let server: Server | undefined;
  let site: Site | undefined;
  /** The same application, started as the recipe of the form action says. */
  let form: Server | undefined;

  before(async () => {
    application = await Application.install('sveltekit');
    const route = join(application.folder, 'src/routes/form');
    await mkdir(route, { recursive: true });
    await writeFile(join(route, '+page.server.js'), formRecipe('js', '+page.server.js'));
    await writeFile(join(route, '+page.svelte'), formRecipe('svelte', '+page.svelte'));
  });

  after(async () => {
    await site?.close();
    await server?.stop();
    await form?.stop();
  });

  it('installs with the defaults of npm, without a warning', () => {
    assert.doesNotMatch(application.installed, /npm (warn|error)/i);
  });

  it('compiles, and finds what is wrong', async () => {
    await application.run('check');
  });

  it('renders on the server without printing a function, and stores a file with its limit kept', async () => {
    await application.run('build');
    server = await application.start(['node', 'build']);
    site = await Site.open(application, { port: server.port });
    const html = await (await fetch(site.url)).text();
    assert.match(html, /<fastio-upload[^>]*endpoint="\/api\/uploads"/);
    assert.doesNotMatch(html, /X-Tenant/);
    const { fileId, said, page } = await site.upload();
    const settings = await page.$eval('fastio-upload', (element) => {
      const { maxFiles, headers } = element as unknown as { maxFiles: number; headers: unknown };
      return { limit: Number(maxFiles), headers: typeof headers };
    });
    assert.notEqual(fileId, '');
    assert.deepEqual({ ...settings, said }, { limit: 3, headers: 'function', said: [] });
  });

  it('stores a file by a form action of the recipe, byte for byte, by the element and with scripts off', async () => {
    assert.ok(site !== undefined, 'it is built');
    const command = formRecipe('sh', 'node build').trim().replace('https://example.com', 'http://127.0.0.1:PORT');
    form = await application.start(['env', ...command.split(' ')]);
    const url = `http://127.0.0.1:${form.port}/form`;
    const stored = (id: string) => readFile(join(application.folder, 'uploads', id));

    const byElement = await sendByElement(site, url);
    assert.ok(byElement.bytes.equals(await stored(byElement.shown)));

    const byForm = await sendWithoutScripts(site, url);
    const [, id = ''] = /Stored as ([\w-]+)/.exec(byForm.shown) ?? [];
    assert.ok(byForm.bytes.equals(await stored(id)));
  });
});
