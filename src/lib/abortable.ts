/** Waits that end at once when their signal is aborted, and that leave no listener behind. */

/** For what nothing ends but its own end. One for each who waits, because Node warns of one that many listen to. */
export const never = (): AbortSignal => new AbortController().signal;

/** Settles as `promise` does, or rejects with the signal's reason if that comes first. */
export const abortable = <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      promise.catch(() => {});
      reject(signal.reason);
      return;
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });

/** Resolves after `ms`; rejects with the signal's reason when aborted. */
export const abortableDelay = async (ms: number, signal: AbortSignal): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await abortable(over, signal).finally(() => clearTimeout(timer));
};
