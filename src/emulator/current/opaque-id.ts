import { randomInt } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const LENGTH = 30;

/**
 * A new id in the API's format: thirty letters and digits, a hyphen after every fifth (source: the vendor's guides).
 */
export const newOpaqueId = (): string =>
  Array.from({ length: LENGTH }, (_, index) => {
    const character = ALPHABET[randomInt(ALPHABET.length)] ?? '';
    return index > 0 && index % 5 === 0 ? `-${character}` : character;
  }).join('');

export const isOpaqueId = (text: string): boolean => /^[a-z0-9]{5}(-[a-z0-9]{4,5}){5}$/.test(text);
