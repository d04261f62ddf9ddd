/** A list to order, and the hands that order it: a real mouse, and a real finger where the browser has one. */

import { html } from '@open-wc/testing';
import { executeServerCommand, resetMouse, sendMouse } from '@web/test-runner-commands';
import type { UploadSnapshot } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, settle } from '../support.js';

export type View = 'list' | 'grid';
export type Direction = 'ltr' | 'rtl';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Files that wait, named a, b, c, …, with handles. */
export const queued = (count: number): UploadSnapshot[] =>
  Array.from({ length: count }, (_, index) => snapshot({ id: `u${index}`, name: `${index}.jpg`, type: 'image/jpeg' }));

export const bindOrder = async (
  uploads: readonly UploadSnapshot[],
  { view = 'list', dir = 'ltr' }: { readonly view?: View; readonly dir?: Direction } = {},
): Promise<Bound> => {
  const bound = await bind(html`<div dir=${dir} style="inline-size: 640px">
    <fastio-upload multiple view=${view}></fastio-upload>
  </div>`);
  bound.engine.show(...uploads);
  await until(() => findAll(bound.element, '.grip').length > 1, 'the handles are there');
  await settle(bound.element);
  return bound;
};

/** The files in the order in which they are on the list. */
export const orderOf = ({ engine }: Bound): string => engine.uploads.map(({ id }) => id.slice(1)).join(' ');

/** The files in the order in which they stand on the screen. */
export const seenOrder = ({ element }: Bound): string =>
  findAll(element, '[data-id]')
    .map((row) => ({ id: row.dataset.id ?? '', box: row.getBoundingClientRect() }))
    .sort((a, b) => {
      const lines = Math.round((a.box.top - b.box.top) / 40);
      const sign = element.matches(':dir(rtl)') ? -1 : 1;
      return lines === 0 ? (a.box.left - b.box.left) * sign : lines;
    })
    .map(({ id }) => id.slice(1))
    .join(' ');

export const middleOf = (element: Element): Point => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
};

export const rowOf = ({ element }: Bound, index: number): HTMLElement => find(element, `[data-id=u${index}]`);

export const gripOf = ({ element }: Bound, index: number): HTMLElement => find(element, `[data-id=u${index}] .grip`);

const frame = (): Promise<unknown> => new Promise(requestAnimationFrame);

/** What a pointer does shows in the next frame. */
export const frames = async (): Promise<void> => {
  await frame();
  await frame();
};

const moveMouse = async ({ x, y }: Point): Promise<void> => {
  await sendMouse({ type: 'move', position: [x, y] });
};

export const mouse = {
  press: async (point: Point): Promise<void> => {
    await moveMouse(point);
    await sendMouse({ type: 'down' });
  },
  /** On the way it is somewhere in between, as a hand is. */
  move: async (from: Point, to: Point): Promise<void> => {
    for (const share of [0.1, 0.5, 1]) {
      await moveMouse({
        x: Math.round(from.x + (to.x - from.x) * share),
        y: Math.round(from.y + (to.y - from.y) * share),
      });
      await frames();
    }
  },
  release: async (): Promise<void> => {
    await sendMouse({ type: 'up' });
    await frames();
  },
  reset: async (): Promise<void> => {
    await resetMouse();
  },
};

interface Touch {
  readonly type: 'touchStart' | 'touchMove' | 'touchEnd';
  readonly point?: Point;
}

const touch = (...events: readonly Touch[]): Promise<unknown> => executeServerCommand('touch', events);

const STEPS = [0.1, 0.3, 0.6, 0.8, 1];

/** At this share of the way. */
const between = (from: Point, to: Point, share: number): Touch => ({
  type: 'touchMove',
  point: { x: Math.round(from.x + (to.x - from.x) * share), y: Math.round(from.y + (to.y - from.y) * share) },
});

export const finger = {
  /** False where the browser has none. */
  begin: async (): Promise<boolean> => (await executeServerCommand('set-pointer', 'coarse')) === true,
  press: (point: Point) => touch({ type: 'touchStart', point }),
  move: async (from: Point, to: Point): Promise<void> => {
    for (const share of STEPS) {
      await touch(between(from, to, share));
      await frames();
    }
  },
  /** Presses and moves at once. */
  swipe: async (from: Point, to: Point): Promise<void> => {
    await touch({ type: 'touchStart', point: from }, ...STEPS.map((share) => between(from, to, share)));
    await frames();
  },
  release: async (): Promise<void> => {
    await touch({ type: 'touchEnd' });
    await frames();
  },
  end: () => executeServerCommand('set-pointer', 'fine'),
};

/** The row or tile is lifted. */
export const isLifted = (bound: Bound, index: number): boolean => rowOf(bound, index).matches('.lifted');
