/** Scrolls while a file is held at an edge: the list, and where it is at its end what is around it. */

/** Distance from an edge within which it scrolls, in pixels. */
const EDGE = 48;
/** At the edge itself, in pixels a millisecond; farther out it is faster. */
const SPEED = 0.7;
/** How many times faster at most. */
const MAX_HASTE = 4;

/** Through slots and shadow roots. */
const parentOf = (element: Element): Element | null => {
  if (element.assignedSlot) return element.assignedSlot;
  const root = element.getRootNode();
  return element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
};

const isScroller = (element: Element): boolean =>
  element.scrollHeight > element.clientHeight && /auto|scroll/.test(getComputedStyle(element).overflowY);

/** What can scroll around the list, the innermost first. */
export const scrollersAround = (list: Element): Element[] => {
  const found: Element[] = [];
  const page = document.scrollingElement;
  for (let element = parentOf(list); element !== null; element = parentOf(element)) {
    if (element !== page && isScroller(element)) found.push(element);
  }
  return page === null ? found : [...found, page];
};

const edgesOf = (scroller: Element): readonly [top: number, bottom: number] => {
  if (scroller === document.scrollingElement) return [0, innerHeight];
  const { top, bottom } = scroller.getBoundingClientRect();
  return [Math.max(top, 0), Math.min(bottom, innerHeight)];
};

/** Scrolls the innermost that can, for a pointer that was at this height for so many milliseconds. */
export const scrollAtEdge = (scrollers: readonly Element[], y: number, ms: number): void => {
  for (const scroller of scrollers) {
    const [top, bottom] = edgesOf(scroller);
    const [above, below] = [top + EDGE - y, y - bottom + EDGE];
    if (above <= 0 && below <= 0) continue;
    const haste = Math.min(Math.max(above, below) / EDGE, MAX_HASTE);
    const before = scroller.scrollTop;
    scroller.scrollBy({ top: Math.ceil(haste * SPEED * ms) * (above > below ? -1 : 1), behavior: 'instant' });
    if (scroller.scrollTop !== before) return;
  }
};
