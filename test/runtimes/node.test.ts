import { serveRecipe } from './support/served-recipe.js';
import { takesAFolder } from './support/takes-a-folder.js';

takesAFolder('Node, by its recipe', (storage) =>
  serveRecipe('Node', storage, { env: { PORT: '0' }, announces: /http:\/\/localhost:(\d+)/ }),
);
