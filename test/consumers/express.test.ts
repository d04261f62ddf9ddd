/** Express with multer, by the recipe of the documentation: no package of ours on the server. */

import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Application, type Server } from './support/application.js';
import { formRecipe, sendByElement, sendWithoutScripts } from './support/form-recipe.js';
import { Site } from './support/site.js';

describe('a form handler on Express with multer, by its recipe', () => {
  let application: Application;
  let server: Server | undefined;
  let site: Site;

  before(async () => {
    application = await Application.install('express');
    const { folder } = application;
    const code = formRecipe('js', 'multer');
    assert.match(code, /listen\(3000\)/);
    await writeFile(join(folder, 'server.js'), code.replace('3000', 'process.env.PORT'));
    await cp(join(folder, 'node_modules/fastio-upload/dist/cdn'), join(folder, 'public'), { recursive: true });
    await writeFile(join(folder, 'public/index.html'), formRecipe('html', 'action="/upload"'));
    await rm(join(folder, 'uploads'), { recursive: true, force: true });
    server = await application.start(['node', 'server.js']);
    site = await Site.open(application, { port: server.port });
  });

  after(async () => {
    await site?.close();
    await server?.stop();
  });

  const stored = (id: string): Promise<Buffer> => readFile(join(application.folder, 'uploads', id));

  it('stores what the element sends, byte for byte', async () => {
    const { bytes, shown, said } = await sendByElement(site, '/');
    assert.ok(bytes.equals(await stored(shown)));
    assert.deepEqual(said, []);
  });

  it('stores what the form sends with scripts off, byte for byte', async () => {
    const { bytes, shown } = await sendWithoutScripts(site, '/');
    assert.ok(bytes.equals(await stored(JSON.parse(shown).id)));
  });

  it('stores each file once', async () => {
    assert.equal((await readdir(join(application.folder, 'uploads'))).length, 2);
  });
});
