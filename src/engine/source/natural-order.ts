/** Sorts the files of folders as file managers do: `2.jpg` before `10.jpg`, folder by folder. */

/** Browsers list the files of a folder in any order. Folders and single files keep their place among each other. */
export const inNaturalOrder = <T>(items: readonly T[], pathOf: (item: T) => string): readonly T[] => {
  if (!items.some((item) => pathOf(item).includes('/'))) return items;
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const firsts = new Map<string, number>();
  const placed = items.map((item, index) => {
    const path = pathOf(item).split('/');
    const [folder = ''] = path;
    if (path.length > 1 && !firsts.has(folder)) firsts.set(folder, index);
    return { item, path, place: path.length > 1 ? (firsts.get(folder) ?? index) : index };
  });
  placed.sort((a, b) => a.place - b.place || comparePaths(a.path, b.path, compare));
  return placed.map(({ item }) => item);
};

const comparePaths = (
  a: readonly string[],
  b: readonly string[],
  compare: (a: string, b: string) => number,
): number => {
  for (const [index, name] of a.entries()) {
    const order = compare(name, b[index] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
};
