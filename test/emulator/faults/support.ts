export const PUT = { method: 'PUT' };

/** 1, 2, 3 and so on. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
