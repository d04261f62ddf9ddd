/** Waits that end when their signal is aborted, and then remove their listeners. */

/** A new signal that never aborts. A shared one would collect listeners, of which Node warns. */
export const never = (): AbortSignal => new AbortController().signal;

/** Settles like `promise`, or rejects with the signal's reason if it is aborted first. */
export const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).then(() => signal.removeEventListener('abort', onAbort));
  });

/** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
export const abortableDelay = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
  });
