/** An `EventTarget` whose `CustomEvent`s are typed by a map from event name to detail. */

export type Listener<Detail> = (event: CustomEvent<Detail>) => void;

export class TypedEventTarget<Events extends object> extends EventTarget {
  override addEventListener<Name extends keyof Events & string>(
    name: Name,
    listener: Listener<Events[Name]> | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    name: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  override addEventListener(
    name: string,
    listener: Listener<never> | EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    // What is dispatched under a name carries that name's detail: see emit().
    super.addEventListener(name, listener as EventListenerOrEventListenerObject | null, options);
  }

  /** All listeners get the same detail, frozen. True unless one called `preventDefault()` on a cancelable event. */
  emit<Name extends keyof Events & string>(name: Name, detail: Events[Name], cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail: Object.freeze(detail), cancelable }));
  }
}
