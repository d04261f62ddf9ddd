import { isServer } from 'lit';

/** Bundles for workers take the browser's build of Lit, so a missing document counts, too. */
export const isOnServer = (): boolean => isServer || typeof document === 'undefined';
