/**
 * Lets Lit be imported on any server, silently. Lit has a build for Node, but bundlers for edge servers and workers choose
 * the one for browsers, which extends `HTMLElement` and reads `document` and `window` while it is evaluated. They are lent
 * to it for that long only, because packages take their presence for a browser. The hint of Lit's development build, that
 * it is no build for production, is for pages: on a server it would head every log.
 *
 * Import this module before anything that imports Lit, and call `endLitOnServer()` once Lit is evaluated.
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
