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
    // biome-ignore lint/suspicious/noExplicitAny: the overloads above are what callers see
    listener: any,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(name, listener, options);
  }

  /** True unless a listener called `preventDefault()` on a cancelable event. */
  emit<Name extends keyof Events & string>(name: Name, detail: Events[Name], cancelable = false): boolean {
    return this.dispatchEvent(new CustomEvent(name, { detail, cancelable }));
  }
}
