import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Storage } from './support/runtime.js';
import { serveRecipe } from './support/served-recipe.js';
import { takesAFolder } from './support/takes-a-folder.js';

const startNode = (storage: Storage) =>
  serveRecipe('Node', storage, { env: { PORT: '0' }, announces: /http:\/\/localhost:(\d+)/ });

describe('The gateway on Node, by its recipe', () => {
  const started = takesAFolder(startNode);

  it('lives on after a request whose path makes no URL', async () => {
    const { url } = started().runtime;
    assert.equal((await fetch(`${url}//`)).status, 404);
    assert.equal((await fetch(`${url}/`)).status, 200);
  });
});
