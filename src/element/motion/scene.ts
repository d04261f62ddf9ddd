/** Positions of everything that may move: measured before and after a rendering, never during one. */

export interface Spot {
  readonly element: HTMLElement;
  readonly box: DOMRect;
}

export interface RowSpot extends Spot {
  readonly isDone: boolean;
  /** The bar or ring of a running upload. */
  readonly progress: HTMLElement | null;
}

export interface Scene {
  readonly root: Spot;
  /** What the element shows, from top to bottom. */
  readonly children: readonly Element[];
  /** Null without a list. */
  readonly frame: Spot | null;
  /** Rows or tiles by upload id; empty for a list that is too long to animate, or that is being ordered. */
  readonly rows: ReadonlyMap<string, RowSpot>;
  /** The blocks below the zone. */
  readonly blocks: readonly Spot[];
  /** Null where the zone is hidden. */
  readonly zone: Spot | null;
  readonly zoneClass: string;
  /** Shows what the large zone showed; null for others, because it is copied before each rendering. */
  readonly zoneCopy: HTMLElement | null;
  /** The visible icon, texts and buttons of the zone. */
  readonly zoneParts: readonly Spot[];
  /** The line that says that all files are stored; null while it says something else. */
  readonly success: HTMLElement | null;
}

/** What the zone shows. */
export const ZONE_PARTS = '.disc, .zone-label, .zone-buttons, .hint';

const spotOf = (element: HTMLElement): Spot => ({ element, box: element.getBoundingClientRect() });

/** Texts for screen readers only are a pixel wide. */
const isSeen = ({ box }: Spot): boolean => box.width > 1;

const spotsOf = (elements: Iterable<HTMLElement>): Spot[] => Array.from(elements, spotOf).filter(isSeen);

const rowOf = (element: HTMLElement): RowSpot => ({
  ...spotOf(element),
  isDone: element.matches('[part~=row-done], [part~=tile-done]'),
  progress: element.querySelector<HTMLElement>('.bar, .dial'),
});

/** Without inputs, and without slots that the page has filled, which the copy cannot show. */
const copyOf = (zone: HTMLElement): HTMLElement => {
  const copy = zone.cloneNode(true) as HTMLElement;
  const slots = zone.querySelectorAll('slot');
  copy.querySelectorAll('slot').forEach((slot, index) => {
    if ((slots[index]?.assignedNodes().length ?? 0) > 0) slot.remove();
  });
  for (const input of copy.querySelectorAll('input')) input.remove();
  return copy;
};

const successIn = (root: Element): HTMLElement | null => root.querySelector<HTMLElement>(':scope > .summary.done');

/** True where a rendering can only have changed a list that is too long to animate, so that measuring would be in vain. */
export const isSteady = ({ root, children, frame, zone, zoneClass, success }: Scene): boolean =>
  frame !== null &&
  frame.element.querySelector('.list:not(.short)') !== null &&
  (zone?.element.className ?? '') === zoneClass &&
  successIn(root.element) === success &&
  children.length === root.element.children.length &&
  children.every((child, index) => child === root.element.children[index]);

/** Null while nothing of the element is visible. */
export const look = (renderRoot: ParentNode): Scene | null => {
  const element = renderRoot.querySelector<HTMLElement>('.root');
  const root = element && spotOf(element);
  if (!root || !isSeen(root)) return null;
  const [zone = null] = spotsOf(root.element.querySelectorAll<HTMLElement>(':scope > .zone'));
  const [frame = null] = spotsOf(root.element.querySelectorAll<HTMLElement>(':scope > .scroller'));
  const rows = frame?.element.querySelectorAll<HTMLElement>('.short:not(.moving, .landing) [data-id]') ?? [];
  return {
    root,
    children: [...root.element.children],
    frame,
    rows: new Map(Array.from(rows, (row) => [row.dataset.id ?? '', rowOf(row)])),
    blocks: spotsOf(
      root.element.querySelectorAll<HTMLElement>(':scope > :is(.summary, .filters, .scroller, .notices, .undo, .held)'),
    ),
    zone,
    zoneClass: zone?.element.className ?? '',
    zoneCopy: zone?.element.matches('.roomy') ? copyOf(zone.element) : null,
    zoneParts: zone ? spotsOf(zone.element.querySelectorAll<HTMLElement>(ZONE_PARTS)) : [],
    success: successIn(root.element),
  };
};
