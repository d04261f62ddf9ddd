import assert from 'node:assert/strict';
import { it } from 'node:test';
import { serveRecipe } from './support/served-recipe.js';
import { takesAFolder } from './support/takes-a-folder.js';

takesAFolder(
  'Node, by its recipe',
  (storage) => serveRecipe('Node', storage, { env: { PORT: '0' }, announces: /http:\/\/localhost:(\d+)/ }),
  {
    more: (started) => {
      it('lives on after a request whose path makes no URL', async () => {
        const { url } = started().runtime;
        assert.equal((await fetch(`${url}//`)).status, 404);
        assert.equal((await fetch(`${url}/`)).status, 200);
      });
    },
  },
);
