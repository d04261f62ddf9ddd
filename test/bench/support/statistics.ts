/** Medians and spreads: means would let one disturbed run speak for all. */

export interface Summary {
  readonly runs: number;
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** The value below which this share of all lies. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const summarize = (values: readonly number[]): Summary => ({
  runs: values.length,
  median: median(values),
  lowest: Math.min(...values),
  highest: Math.max(...values),
});

/** A new order each time, so that a machine that slows down is unkind to all alike. */
export const shuffled = <Item>(items: readonly Item[]): Item[] => {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [order[last], order[other]] = [order[other] as Item, order[last] as Item];
  }
  return order;
};
