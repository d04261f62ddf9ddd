import { PART_NUMBER_HEADER } from '../../wire/headers.js';

/** Null when the header is absent or not a whole number. */
export const readPartNumber = (header: (name: string) => string | null): number | null => {
  const text = header(PART_NUMBER_HEADER);
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
};
