const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** 128 random bits as hex; `crypto.randomUUID` is missing on pages that are not secure contexts. */
export const randomId = (): string => {
  let id = '';
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) id += HEX[byte];
  return id;
};
