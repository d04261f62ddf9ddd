/** Work on thousands of things in tasks that leave the page its frames. */

/** Things in one task: some tens of milliseconds for the slowest work that is done in slices. */
export const AT_ONCE = 500;

/** Input and frames come first. Then this goes on, before all that came later where the browser can be told so. */
export const nextTask = (): Promise<void> => {
  const { scheduler }: { readonly scheduler?: { yield?(): Promise<void> } } = globalThis;
  return scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve));
};

/** The first slice now, the others in later tasks; what `act` gave for the first. */
export const inSlices = <T, R>(items: readonly T[], act: (slice: readonly T[]) => R): R => {
  if (items.length > AT_ONCE) void nextTask().then(() => inSlices(items.slice(AT_ONCE), act));
  return act(items.slice(0, AT_ONCE));
};
