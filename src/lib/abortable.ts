/** Waits that end when their signal is aborted, and then remove their listeners. */

/** A new signal that never aborts. A shared one would collect listeners, of which Node warns. */
export const never = (): AbortSignal => new AbortController().signal;

/** Settles like `promise`, or rejects with the signal's reason if it is aborted first. */
export const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => {});
      reject(signal.reason);
      return;
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort);
    promise.then(resolve, reject).then(() => signal.removeEventListener('abort', onAbort));
  });

/** Resolves after `ms`; rejects with the signal's reason when it is aborted. */
export const abortableDelay = (ms: number, signal: AbortSignal): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return abortable(over, signal).finally(() => clearTimeout(timer));
};
