/**
 * Turns the events of a pointer into lifting, moving and dropping a file. A mouse lifts it by its handle or its picture
 * as soon as it moves. A finger lifts it by the handle, or by a picture that it holds, so that it can scroll the list.
 */

import type { Point } from './places.js';

/** Distance after which a press is no click, in pixels; a finger is less steady. */
const SLOP = 4;
const HOLD_SLOP = 10;
/** How long a finger holds a picture until it lifts it, in milliseconds. */
const HOLD_MS = 300;

export interface PressHost {
  /** Lifts the file, which the pointer holds at this point of the window. */
  readonly lift: (id: string, point: Point) => void;
  readonly drop: () => void;
  readonly cancel: () => void;
}

const prevent = (event: Event): void => event.preventDefault();

/** The file whose handle or picture is under the event, unless that is for another control. */
const rowOf = ({ target }: Event): HTMLElement | null => {
  if (!(target instanceof Element) || target.closest('a, input, select, textarea, button:not(.grip)')) return null;
  const row = target.closest('.grip, .badge, .picture')?.closest<HTMLElement>('[data-id]') ?? null;
  return row?.querySelector('.grip') ? row : null;
};

const isOnHandle = ({ target }: Event): boolean => target instanceof Element && target.closest('.grip') !== null;

export class Press {
  readonly #host: PressHost;
  #state: 'idle' | 'pressed' | 'held' = 'idle';
  #point: Point = { x: 0, y: 0 };
  #listeners: AbortController | null = null;
  /** Whether the next click is the end of a movement. */
  #isClickOver = false;

  constructor(host: PressHost) {
    this.#host = host;
  }

  /** Where the pointer is in the window. */
  get point(): Point {
    return this.#point;
  }

  watch(list: HTMLElement, signal: AbortSignal): void {
    list.addEventListener('pointerdown', (event) => this.#press(list, event), { signal });
    // Has to be there before the finger is, or the browser scrolls without asking.
    list.addEventListener('touchmove', this.#keepStill, { signal, passive: false });
    list.addEventListener('click', this.#onClick, { signal, capture: true });
  }

  end(): void {
    this.#listeners?.abort();
    this.#listeners = null;
    this.#state = 'idle';
  }

  readonly #keepStill = (event: Event): void => {
    if (this.#state === 'held' && event.cancelable) event.preventDefault();
  };

  readonly #onClick = (event: Event): void => {
    if (this.#isClickOver) event.stopImmediatePropagation();
    this.#isClickOver = false;
  };

  #press(list: HTMLElement, event: PointerEvent): void {
    this.#isClickOver = false;
    const id = rowOf(event)?.dataset.id;
    if (id === undefined || !event.isPrimary || event.button !== 0 || this.#state !== 'idle') return;
    const { pointerId, clientX: x, clientY: y } = event;
    const mustHold = event.pointerType !== 'mouse' && !isOnHandle(event);
    this.#state = 'pressed';
    this.#point = { x, y };
    const lift = () => {
      this.#state = 'held';
      this.#isClickOver = true;
      // Also outside of the window, and over frames.
      list.setPointerCapture(pointerId);
      this.#host.lift(id, { x, y });
    };
    this.#follow(pointerId, (distance) => {
      if (!mustHold && distance > SLOP) lift();
      else if (mustHold && distance > HOLD_SLOP) this.end();
    });
    if (mustHold) this.#hold(lift);
  }

  #follow(pointerId: number, onMove: (distance: number) => void): void {
    this.#listeners = new AbortController();
    const { signal } = this.#listeners;
    const start = this.#point;
    const on = (name: 'pointermove' | 'pointerup' | 'pointercancel', listener: (event: PointerEvent) => void) =>
      window.addEventListener(name, (event) => event.pointerId === pointerId && listener(event), {
        signal,
        capture: true,
      });
    on('pointermove', ({ clientX: x, clientY: y }) => {
      this.#point = { x, y };
      if (this.#state === 'pressed') onMove(Math.hypot(x - start.x, y - start.y));
    });
    on('pointerup', () => this.#finish(this.#host.drop));
    on('pointercancel', () => this.#finish(this.#host.cancel));
    // Neither text nor a picture is dragged meanwhile.
    for (const name of ['selectstart', 'dragstart']) window.addEventListener(name, prevent, { signal, capture: true });
  }

  #hold(lift: () => void): void {
    const timer = setTimeout(lift, HOLD_MS);
    const signal = this.#listeners?.signal;
    signal?.addEventListener('abort', () => clearTimeout(timer));
    // No menu opens under a finger that holds.
    window.addEventListener('contextmenu', prevent, { ...(signal && { signal }), capture: true });
  }

  #finish(act: () => void): void {
    const isHeld = this.#state === 'held';
    this.end();
    if (isHeld) act();
  }
}
