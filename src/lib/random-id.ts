import { toHex } from './hex.js';

/** 128 random bits as hex; `crypto.randomUUID` is missing on pages that are not secure contexts. */
export const randomId = (): string => toHex(crypto.getRandomValues(new Uint8Array(16)));
