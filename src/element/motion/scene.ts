/** Where everything stands that may move: read before and after a rendering, never while one runs. */

export interface Spot {
  readonly element: HTMLElement;
  readonly box: DOMRect;
}

export interface RowSpot extends Spot {
  readonly isDone: boolean;
  /** The bar or the ring of a file that is under way. */
  readonly progress: HTMLElement | null;
}

export interface Scene {
  readonly root: Spot;
  /** Null while there is no list. */
  readonly frame: Spot | null;
  /** Rows or tiles by the ids of their uploads; none of a list that is too long to move. */
  readonly rows: ReadonlyMap<string, RowSpot>;
  /** What stands below the zone. */
  readonly blocks: readonly Spot[];
  /** Null where the zone is not shown. */
  readonly zone: Spot | null;
  readonly zoneClass: string;
  /** Drawing, text and buttons of the zone, as far as they are seen. */
  readonly zoneParts: readonly Spot[];
}

const spotOf = (element: HTMLElement): Spot => ({ element, box: element.getBoundingClientRect() });

/** What is only spoken is a pixel wide. */
const isSeen = ({ box }: Spot): boolean => box.width > 1;

const spotsOf = (elements: Iterable<HTMLElement>): Spot[] => Array.from(elements, spotOf).filter(isSeen);

const rowOf = (element: HTMLElement): RowSpot => ({
  ...spotOf(element),
  isDone: element.matches('[part~=row-done], [part~=tile-done]'),
  progress: element.querySelector<HTMLElement>('.bar, .veiled'),
});

/** Null while nothing of the element is to be seen. */
export const look = (renderRoot: ParentNode): Scene | null => {
  const element = renderRoot.querySelector<HTMLElement>('.root');
  const root = element && spotOf(element);
  if (!root || !isSeen(root)) return null;
  const [zone = null] = spotsOf(root.element.querySelectorAll<HTMLElement>(':scope > .zone'));
  const [frame = null] = spotsOf(root.element.querySelectorAll<HTMLElement>(':scope > .scroller'));
  const rows = frame?.element.querySelectorAll<HTMLElement>('.short [data-id]') ?? [];
  return {
    root,
    frame,
    rows: new Map(Array.from(rows, (row) => [row.dataset.id ?? '', rowOf(row)])),
    blocks: spotsOf(
      root.element.querySelectorAll<HTMLElement>(':scope > :is(.summary, .filters, .scroller, .notice, .undo, .held)'),
    ),
    zone,
    zoneClass: zone?.element.className ?? '',
    zoneParts: zone
      ? spotsOf(zone.element.querySelectorAll<HTMLElement>('.disc, .zone-label, .zone-buttons, .hint'))
      : [],
  };
};
