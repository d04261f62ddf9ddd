/** The element's events, typed. Names and details are the engine's; `input` and `change` are the platform's. */

import type { EngineEventMap } from '../engine/upload/events.js';
import type { FastioUpload } from './fastio-upload.js';

/** Engine events that the element shows and does not pass on. */
type ShownOnly = 'limits-changed' | 'resume-unavailable';

export type PassedOn = Exclude<keyof EngineEventMap, ShownOnly>;

const SHOWN_ONLY: ReadonlySet<keyof EngineEventMap> = new Set<ShownOnly>(['limits-changed', 'resume-unavailable']);

export const isShownOnly = (name: keyof EngineEventMap): boolean => SHOWN_ONLY.has(name);

/** What `addEventListener` of the element knows. */
export type FastioUploadEventMap = HTMLElementEventMap & {
  [Name in PassedOn]: CustomEvent<EngineEventMap[Name]>;
};

/** Events at a high rate stay inside the shadow tree they were sent in, the rest crosses it. */
const STAYS_INSIDE: ReadonlySet<keyof EngineEventMap> = new Set(['upload-progress']);

/** Sends the same event from the element; what a listener prevents there is prevented in the engine. */
export const passOn = (from: CustomEvent, target: EventTarget): void => {
  const { type, detail, cancelable } = from;
  const composed = !STAYS_INSIDE.has(type as keyof EngineEventMap);
  const event = new CustomEvent(type, { detail: Object.freeze(detail), bubbles: true, composed, cancelable });
  if (!target.dispatchEvent(event)) from.preventDefault();
};

declare global {
  interface HTMLElementTagNameMap {
    'fastio-upload': FastioUpload;
  }
}
