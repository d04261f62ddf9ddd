/**
 * Types of the element's events. Names and details are those of the engine; `input` and `change` are the platform's.
 */

import type { EngineEventMap } from '../engine/upload/events.js';
import type { FastioUpload } from './fastio-upload.js';

/** Engine events that the element shows but does not dispatch. */
type ShownOnly = 'limits-changed' | 'resume-unavailable';

export type PassedOn = Exclude<keyof EngineEventMap, ShownOnly>;

export const isShownOnly = (name: keyof EngineEventMap): name is ShownOnly =>
  name === 'limits-changed' || name === 'resume-unavailable';

/** The events for `addEventListener` on the element. */
export type FastioUploadEventMap = HTMLElementEventMap & {
  [Name in PassedOn]: CustomEvent<EngineEventMap[Name]>;
};

/** Dispatches the event on the element; `preventDefault()` there is passed back to the engine. */
export const passOn = (from: CustomEvent, target: EventTarget): void => {
  const { type, detail, cancelable } = from;
  // Frequent events do not cross the shadow root of the page's component; all others do.
  const composed = type !== 'upload-progress';
  const event = new CustomEvent(type, { detail: Object.freeze(detail), bubbles: true, composed, cancelable });
  if (!target.dispatchEvent(event)) from.preventDefault();
};

declare global {
  interface HTMLElementTagNameMap {
    'fastio-upload': FastioUpload;
  }
}
