/** Shows the state that `?state=` names; the title says `ready` once it does not move any more. */

import '../../src/define.js';
import { FakeEngine } from '../element/fake-engine.js';
import { applyForcedColorRules, forcedPageStyle, knowsForcedColors } from '../support/forced-colors.js';
import { STATES } from './states.js';

const frames = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) await new Promise(requestAnimationFrame);
};

const state = STATES[new URLSearchParams(location.search).get('state') ?? ''];
if (!state) throw new Error('There is no such state.');
const { documentElement: root, body } = document;
root.lang = state.lang ?? 'en';
const look = state.forcedColors
  ? forcedPageStyle(state.forcedColors)
  : `color-scheme: ${state.scheme ?? 'light'}; --fastio-upload-surface: light-dark(#fff, #1d2026);
     background: light-dark(#f6f7f9, #15171b); color: light-dark(#1c2026, #e8eaee);`;
root.style.cssText = look;
body.style.cssText = `
  margin: 0; padding: 20px; box-sizing: border-box; width: ${(state.width ?? 760) + 40}px;
  font: ${16 * (state.zoom ?? 1)}px / 1.5 system-ui, sans-serif;`;

const element = document.createElement('fastio-upload');
element.multiple = true;
for (const [name, value] of Object.entries(state.attributes ?? {})) element.setAttribute(name, value);
const engine = new FakeEngine();
element.engine = engine.asEngine();
body.append(element);
await element.updateComplete;
if (state.forcedColors && !knowsForcedColors()) applyForcedColorRules(element.shadowRoot as ShadowRoot);
await state.show({ element, engine });
await frames(30);
document.title = 'ready';
