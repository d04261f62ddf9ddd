/** An `EventTarget` whose `CustomEvent`s are typed by a map from event name to detail. */

// Not by their names, which only the types of pages have.
type PlainListener = Parameters<EventTarget['addEventListener']>[1];
type ListenerOptions = Parameters<EventTarget['addEventListener']>[2];

export type Listener<Detail> = (event: CustomEvent<Detail>) => void;

export class TypedEventTarget<Events extends object> extends EventTarget {
  /** Names of events that have had a listener. */
  readonly #heard = new Set<string>();

  override addEventListener<Name extends keyof Events & string>(
    name: Name,
    listener: Listener<Events[Name]> | null,
    options?: ListenerOptions,
  ): void;
  override addEventListener(name: string, listener: PlainListener, options?: ListenerOptions): void;
  override addEventListener(name: string, listener: Listener<never> | PlainListener, options?: ListenerOptions): void {
    this.#heard.add(name);
    // `emit` dispatches every event with the detail of its name, so the cast is safe.
    super.addEventListener(name, listener as PlainListener, options);
  }

  /**
   * Dispatches the event with a frozen detail, unless it never had a listener. False when a listener called
   * `preventDefault()` on a cancelable event.
   */
  emit<Name extends keyof Events & string>(name: Name, detail: Events[Name], cancelable = false): boolean {
    if (!this.#heard.has(name)) return true;
    return this.dispatchEvent(new CustomEvent(name, { detail: Object.freeze(detail), cancelable }));
  }
}
