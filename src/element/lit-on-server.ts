/**
 * Lets Lit be imported on every server without output. Lit has a build for Node, but bundlers for edge servers and
 * workers choose the browser build, which extends `HTMLElement` and reads `document` and `window` when it is evaluated.
 * These are defined only for that time, because packages take them for a sign of a browser. The warning of Lit's
 * development build is meant for pages, and would head every log of a server.
 *
 * Import this module before anything that imports Lit, and call `endLitOnServer()` after Lit was evaluated.
 */

import { isServer } from 'lit-html/is-server.js';

const STAND_INS: Readonly<Record<string, unknown>> = {
  HTMLElement: class {},
  document: { createTreeWalker: () => ({}) },
  window: globalThis,
};

const scope: Record<string, unknown> & { litIssuedWarnings?: Set<string | undefined> } = globalThis;
const lent = isServer ? [] : Object.keys(STAND_INS).filter((name) => !(name in scope));
for (const name of lent) scope[name] = STAND_INS[name];
if (isServer || lent.length > 0) {
  scope.litIssuedWarnings ??= new Set();
  scope.litIssuedWarnings.add('dev-mode');
}

export const endLitOnServer = (): void => {
  for (const name of lent) delete scope[name];
};
