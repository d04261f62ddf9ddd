import { settings, startProgram } from './support/runtime.js';
import { takesAFolder } from './support/takes-a-folder.js';

takesAFolder('Node', (storage) =>
  startProgram({
    args: ['demo/node/server.mjs'],
    env: { ...settings(storage), PORT: '0' },
    announces: /http:\/\/localhost:(\d+)/,
  }),
);
