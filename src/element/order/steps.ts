/** Where keys take a lifted file. Pure but for the list's direction. */

import type { Lift } from './lift.js';

/** Steps of Page Up and Page Down: rows, and lines of tiles. */
const PAGE_ROWS = 10;
const PAGE_LINES = 3;

/** The index to which the key takes the file; null for any other key. */
export const stepOf = ({ key }: KeyboardEvent, { to, range }: Lift, list: HTMLElement): number | null => {
  const isGrid = list.matches('.tiles');
  const line = isGrid ? Number(list.ariaColCount ?? 1) : 1;
  const page = isGrid ? line * PAGE_LINES : PAGE_ROWS;
  const forward = list.matches(':dir(rtl)') ? -1 : 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowUp: to - line,
    ArrowDown: to + line,
    PageUp: to - page,
    PageDown: to + page,
    Home: range.first,
    End: range.last,
    ...(isGrid && { ArrowLeft: to - forward, ArrowRight: to + forward }),
  };
  return steps[key] ?? null;
};
