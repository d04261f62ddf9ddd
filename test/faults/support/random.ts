/** Chance that can be had again. */

/** Uniform in [0, 1). */
export type Random = () => number;

/** `FAULTS_SEED` chooses other moments and other faults; every title and every failure names the seed. */
export const SEED = Number(process.env.FAULTS_SEED ?? 1);

/** Mulberry32: small, and the same on every machine. */
export const randomFrom = (seed: number): Random => {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** A whole number from `least` up to but without `most`. */
export const between = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least));

export const oneOf = <T>(random: Random, choices: readonly T[]): T => {
  const choice = choices[between(random, 0, choices.length)];
  if (choice === undefined) throw new Error('nothing to choose from');
  return choice;
};
