/**
 * Shows the state that `?state=` names once for each look; the title says `ready` once it does not move any more. With
 * `&forced=light` or `&forced=dark` it is shown in forced colours.
 */

import '../../src/define.js';
import { FakeEngine } from '../element/fake-engine.js';
import { applyForcedColorRules, forcedPageStyle, knowsForcedColors } from '../support/forced-colors.js';
import { FORCED_LOOKS, LOOKS, type Look } from './looks.js';
import { PHOTO, picture } from './scenes.js';
import { STATES } from './states.js';

const PAGE_STYLE = `--fastio-upload-surface: light-dark(#fff, #1d2026);
  background: light-dark(#f6f7f9, #15171b); color: light-dark(#1c2026, #e8eaee);`;

const query = new URLSearchParams(location.search);
const name = query.get('state') ?? '';
const state = STATES[name];
if (!state) throw new Error('There is no such state.');
const forced = query.get('forced');
const isForced = forced === 'light' || forced === 'dark';

const frames = async (count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) await new Promise(requestAnimationFrame);
};

/** Whether each picture of a file is drawn that is in sight, where the element makes one. */
const hasPictures = (element: HTMLElement, engine: FakeEngine): boolean =>
  Array.from(element.shadowRoot?.querySelectorAll<HTMLCanvasElement>('canvas.thumbnail') ?? []).every((canvas) => {
    const box = canvas.parentElement?.getBoundingClientRect();
    const list = canvas.closest('.scroller')?.getBoundingClientRect();
    const { bottom } = element.getBoundingClientRect();
    const isInSight = box && list && box.top < Math.min(list.bottom, bottom, innerHeight) && box.bottom > list.top;
    const file = engine.fileOf(canvas.closest<HTMLElement>('[data-id]')?.dataset.id ?? '');
    return !canvas.hidden || !isInSight || file === null;
  });

/** Stops everything that moves where it is after so many milliseconds, and ends what would have ended by then. */
const hold = async (element: HTMLElement & { readonly updateComplete: Promise<boolean> }, at: number) => {
  await element.updateComplete;
  for (const move of element.shadowRoot?.getAnimations() ?? []) {
    if (Number(move.effect?.getComputedTiming().endTime) <= at) {
      move.finish();
    } else {
      move.pause();
      move.currentTime = at;
    }
  }
};

/** A frame with a caption, in the look's language, size of text and colours. */
const addFrame = ({ width, lang, zoom, scheme, theme, at }: Look): HTMLElement => {
  const frame = document.createElement('section');
  frame.lang = lang ?? 'en';
  if (theme !== undefined) frame.className = theme;
  const own = theme === undefined ? `color-scheme: ${scheme ?? 'light'}; ${PAGE_STYLE}` : '';
  const font = `font: ${16 * (zoom ?? 1)}px / 1.5 system-ui, sans-serif;`;
  frame.style.cssText = `
    ${isForced ? '' : own}
    width: ${width}px; padding: 12px 20px 20px; ${theme === undefined ? font : ''}`;
  const caption = document.createElement('small');
  caption.textContent = [
    name,
    theme,
    `${width} px`,
    lang,
    zoom && `${zoom * 100} %`,
    scheme,
    at !== undefined && `${at} ms`,
  ]
    .filter(Boolean)
    .join(' · ');
  caption.style.cssText = 'display: block; margin-bottom: 8px; font-size: 11px';
  frame.append(caption);
  document.body.append(frame);
  return frame;
};

/** Uploads of the scenes have no files, but for the photo. */
const addPhoto = (engine: FakeEngine, photo: File): void => {
  const fileOf = engine.fileOf.bind(engine);
  const isPhoto = (id: string) => engine.uploads.some((upload) => upload.id === id && upload.name === PHOTO);
  engine.fileOf = (id) => fileOf(id) ?? (isPhoto(id) ? photo : null);
};

const { documentElement: root, body } = document;
if (isForced) root.style.cssText = forcedPageStyle(forced);
body.style.cssText = 'margin: 0; display: flex; flex-wrap: wrap; align-items: flex-start; width: 1640px';
// As high as the window, which such a state covers.
if (name.startsWith('veil')) body.style.cssText = 'margin: 0; height: 100vh';
const photo = await picture('dawn');
const shown: { readonly element: HTMLElement; readonly engine: FakeEngine }[] = [];
for (const look of state.looks ?? (isForced ? FORCED_LOOKS : LOOKS)) {
  const frame = addFrame(look);
  const element = document.createElement('fastio-upload');
  element.multiple = true;
  for (const [attribute, value] of Object.entries(state.attributes ?? {})) element.setAttribute(attribute, value);
  const engine = new FakeEngine();
  addPhoto(engine, photo);
  element.engine = engine.asEngine();
  if (state.inForm) frame.appendChild(document.createElement('form')).append(element);
  else frame.append(element);
  await element.updateComplete;
  await state.show({ element, engine });
  if (look.at !== undefined) await hold(element, look.at);
  shown.push({ element, engine });
}
while (!shown.every(({ element, engine }) => hasPictures(element, engine))) await frames(1);
await frames(30);
// All elements share their sheets.
const sheets = document.querySelector('fastio-upload')?.shadowRoot;
if (isForced && !knowsForcedColors() && sheets) applyForcedColorRules(sheets);
await frames(5);
document.title = 'ready';
