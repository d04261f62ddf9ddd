/** Processes thousands of items in several tasks, so that the page stays responsive. */

/** Items per task, which take at most some tens of milliseconds. */
export const AT_ONCE = 500;

/** Resolves after pending input and rendering; with `scheduler.yield`, before tasks that were queued later. */
export const nextTask = (): Promise<void> => {
  const { scheduler }: { readonly scheduler?: { yield?(): Promise<void> } } = globalThis;
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
};

/** Calls `act` with the first slice now and with the others in later tasks; returns the first result. */
export const inSlices = <T, R>(items: readonly T[], act: (slice: readonly T[]) => R): R => {
  if (items.length > AT_ONCE) void nextTask().then(() => inSlices(items.slice(AT_ONCE), act));
  return act(items.slice(0, AT_ONCE));
};
