/**
 * Moves files on the list: by pointer, by keys, or by a click on the handle and one on the new place. The lifted file
 * follows by transform and the others make room by transform; the list changes once, when the file is dropped. Loaded
 * when there is something to order.
 */

import type { LitElement, ReactiveController } from 'lit';
import type { UploadSnapshot } from '../../engine/upload/snapshot.js';
import type { StringKey } from '../../locales/table.js';
import type { Values } from '../language/localizer.js';
import type { ListWindow } from '../list/list-window.js';
import { displayName } from '../status/format.js';
import { scrollAtEdge, scrollersAround } from './edge-scroll.js';
import { Landing } from './landing.js';
import { Lift } from './lift.js';
import type { RankOf } from './movable.js';
import { orderStyles } from './order.styles.js';
import { Places, type Point } from './places.js';
import { Press } from './press.js';
import { stepOf } from './steps.js';

export interface OrderContext {
  /** All uploads in their order. */
  readonly uploads: readonly UploadSnapshot[];
  /** In which group of the list each is shown. */
  readonly rank: RankOf;
  readonly onMove: (id: string, index: number) => void;
  readonly onTell: (key: StringKey, values: Values) => void;
}

export class Order implements ReactiveController {
  readonly #host: LitElement;
  readonly #window: ListWindow;
  readonly #landing: Landing;
  readonly #press = new Press({
    lift: (id, point) => this.#liftByPointer(id, point),
    drop: () => this.#drop(),
    cancel: () => this.cancel(),
  });
  #context: OrderContext | null = null;
  #shown: readonly UploadSnapshot[] = [];
  #lift: Lift | null = null;
  #list: HTMLElement | null = null;
  #listening: AbortController | null = null;
  /** Listens while a file is lifted. */
  #lifting: AbortController | null = null;
  /** A key has moved the lifted file to a place whose rows are still to be rendered and measured. */
  #isSeeking = false;

  constructor(host: LitElement, window: ListWindow) {
    this.#host = host;
    this.#window = window;
    this.#landing = new Landing();
    host.addController(this);
    const { styleSheet } = orderStyles;
    const root = host.renderRoot;
    if (styleSheet && root instanceof ShadowRoot) root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet];
  }

  get liftedId(): string | null {
    return this.#lift?.id ?? null;
  }

  /** The files as they are to be shown: while one is lifted they stay where they are, whatever their uploads do. */
  hold(shown: readonly UploadSnapshot[], context: OrderContext): readonly UploadSnapshot[] {
    this.#context = context;
    this.#shown = this.#lift?.hold(shown) ?? shown;
    return this.#shown;
  }

  /** Index of the lifted file, which has to be rendered. */
  get keptIndex(): number | null {
    return this.#lift?.from ?? null;
  }

  /** A click on the handle: lifts the file, and drops it with the next one. */
  toggle(id: string): void {
    if (this.#lift?.id === id) this.#drop();
    else if (this.#lift) this.#dropAt(this.#shown.findIndex((upload) => upload.id === id));
    else this.#liftByKeys(id);
  }

  /** Everything is where it was. */
  readonly cancel = (): void => {
    const lift = this.#lift;
    if (lift === null) return;
    this.#end();
    this.#tell('saidNotMoved', lift);
  };

  hostUpdate(): void {
    this.#landing.prepare();
  }

  hostUpdated(): void {
    this.#watch(this.#host.renderRoot.querySelector<HTMLElement>('.list'));
    this.#landing.land();
    if (this.#lift && !this.#shown.some(({ id }) => id === this.#lift?.id)) this.#end();
    else this.#arrange();
    if (this.#lift && this.#isSeeking) this.#seek(this.#lift);
  }

  hostDisconnected(): void {
    this.#end();
    this.#listening?.abort();
    this.#list = null;
  }

  #watch(list: HTMLElement | null): void {
    if (list === this.#list) return;
    this.#listening?.abort();
    this.#list = list;
    if (list === null) return;
    this.#listening = new AbortController();
    this.#press.watch(list, this.#listening.signal);
  }

  #liftByPointer(id: string, point: Point): void {
    const lift = this.#begin(id);
    if (lift === null || this.#list === null) return;
    const { left, top } = this.#list.getBoundingClientRect();
    const place = new Places(this.#list, this.#window).at(lift.from);
    if (!place) {
      this.#end();
      return;
    }
    lift.grab = { x: point.x - left - place.left, y: point.y - top - place.top };
    const scrollers = scrollersAround(this.#list);
    let before = performance.now();
    const follow = (now: number) => {
      if (this.#lift !== lift) return;
      scrollAtEdge(scrollers, this.#press.point.y, now - before);
      before = now;
      this.#arrange();
      requestAnimationFrame(follow);
    };
    requestAnimationFrame(follow);
  }

  #liftByKeys(id: string): void {
    const lift = this.#begin(id);
    if (lift === null) return;
    this.#handleOf(id)?.focus({ preventScroll: true });
    this.#tell('saidLifted', lift);
    this.#arrange();
  }

  #begin(id: string): Lift | null {
    this.#lower();
    const lift = this.#context && Lift.of(id, this.#shown, this.#context.rank);
    if (lift === null || this.#list === null) return null;
    this.#lift = lift;
    this.#isSeeking = false;
    this.#lifting = new AbortController();
    const options = { signal: this.#lifting.signal, capture: true };
    window.addEventListener('keydown', this.#onKey, options);
    window.addEventListener('pointerdown', this.#onOutside, options);
    this.#list.addEventListener('click', this.#onClick, options);
    this.#list.addEventListener('focusout', this.#onFocusOut, options);
    this.#host.requestUpdate();
    return lift;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const lift = this.#lift;
    const list = this.#list;
    if (lift === null || list === null) return;
    if (event.key === 'Escape') this.cancel();
    else {
      const to = lift.grab === null && event.composedPath().includes(list) ? stepOf(event, lift, list) : null;
      if (to === null) return;
      this.#moveTo(to, lift);
    }
    event.preventDefault();
    event.stopPropagation();
  };

  #moveTo(to: number, lift: Lift): void {
    lift.to = to;
    this.#arrange();
    this.#seek(lift);
    this.#tell('saidPlace', lift);
  }

  /** Brings the lifted file in sight; again after the next rendering, where that may move its new place. */
  #seek({ id, to }: Lift): void {
    const row = this.#rowOf(id);
    const isThere = this.#list?.querySelector(`[data-index="${to}"]`) !== null;
    const top = row?.getBoundingClientRect().top;
    row?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.#isSeeking = !isThere || (this.#isSeeking && row?.getBoundingClientRect().top !== top);
  }

  /** The way without keys and without dragging: a click on the row whose place the lifted one is to take. */
  readonly #onClick = (event: Event): void => {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest<HTMLElement>('[data-id]');
    if (!row || target?.closest('a, input, select, textarea, label, button')) return;
    event.stopPropagation();
    if (row.dataset.id !== this.#lift?.id) this.#dropAt(Number(row.dataset.index));
  };

  readonly #onOutside = (event: Event): void => {
    if (this.#lift?.grab === null && this.#list && !event.composedPath().includes(this.#list)) this.cancel();
  };

  readonly #onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    const isInside = relatedTarget instanceof Node && this.#list?.contains(relatedTarget);
    if (relatedTarget !== null && !isInside) this.cancel();
  };

  #dropAt(index: number): void {
    if (this.#lift) this.#lift.to = index;
    this.#drop();
  }

  #drop(): void {
    const lift = this.#lift;
    if (lift === null) return;
    const { uploads = [], onMove } = this.#context ?? {};
    const index = lift.indexAmong(uploads);
    this.#end();
    if (index !== null) onMove?.(lift.id, index);
    this.#tell(index === null ? 'saidNotMoved' : 'saidMoved', lift);
  }

  #end(): void {
    this.#press.end();
    this.#lower();
  }

  /** Whatever is lifted comes down with the next rendering. */
  #lower(): void {
    this.#lifting?.abort();
    if (this.#lift && this.#list) this.#landing.begin(this.#list, this.#lift.id);
    this.#lift = null;
    this.#host.requestUpdate();
  }

  /** Puts everything where it belongs while a file is lifted. */
  #arrange(): void {
    const lift = this.#lift;
    const list = this.#list;
    if (lift === null || list === null) return;
    list.classList.add('moving');
    const places = new Places(list, this.#window);
    lift.arrange(places, this.#press.point);
  }

  #tell(key: StringKey, { name, to }: Lift): void {
    const values = { name: displayName(name), position: to + 1, total: this.#shown.length };
    this.#context?.onTell(key, values);
  }

  #rowOf(id: string): HTMLElement | undefined {
    return [...(this.#list?.querySelectorAll<HTMLElement>('[data-id]') ?? [])].find(({ dataset }) => dataset.id === id);
  }

  #handleOf(id: string): HTMLElement | null | undefined {
    return this.#rowOf(id)?.querySelector<HTMLElement>('.grip');
  }
}
