/** Processes thousands of items in several tasks, so that the page stays responsive. */

/** Items per task, which take at most some tens of milliseconds. */
export const AT_ONCE = 400;
/** Items in the first of several tasks, which also compiles the code. */
const FIRST = 80;

/** Resolves after pending input and rendering; with `scheduler.yield`, before tasks that were queued later. */
export const nextTask = (): Promise<void> => {
  const { scheduler }: { readonly scheduler?: { yield?(): Promise<void> } } = globalThis;
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
};

const actLater = async <T>(items: readonly T[], act: (slice: readonly T[]) => unknown): Promise<void> => {
  for (let start = FIRST; start < items.length; start += AT_ONCE) {
    await nextTask();
    act(items.slice(start, start + AT_ONCE));
  }
};

/** Calls `act` with the first slice now and with the others in later tasks; returns the first result. */
export const inSlices = <T, R>(items: readonly T[], act: (slice: readonly T[]) => R): R => {
  if (items.length <= AT_ONCE) return act(items);
  void actLater(items, act);
  return act(items.slice(0, FIRST));
};
