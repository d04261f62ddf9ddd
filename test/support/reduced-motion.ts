import { emulateMedia } from '@web/test-runner-commands';

/** Asks the browser for less motion, as its user can. False where the driver cannot; a test is skipped there. */
export const reduceMotion = (): Promise<boolean> =>
  emulateMedia({ reducedMotion: 'reduce' }).then(
    () => matchMedia('(prefers-reduced-motion: reduce)').matches,
    () => false,
  );

export const allowMotion = (): Promise<void> => emulateMedia({ reducedMotion: 'no-preference' });
