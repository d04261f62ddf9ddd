import { isServer } from 'lit';

/** A missing document counts, too, because bundles for workers contain Lit's browser build. */
export const isOnServer = (): boolean => isServer || typeof document === 'undefined';
