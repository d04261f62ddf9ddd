/** Sorts the files of folders as file managers do: `2.jpg` before `10.jpg`, folder by folder. */

/** Browsers list the files of a folder in any order. Folders and single files keep their place among each other. */
export const inNaturalOrder = <T>(items: readonly T[], pathOf: (item: T) => string): readonly T[] => {
  if (!items.some((item) => pathOf(item).includes('/'))) return items;
  const paths = items.map((item) => pathOf(item).split('/'));
  const { compare } = new Intl.Collator(undefined, { numeric: true });
  const firsts = new Map<string, number>();
  const placed = items.map((item, index) => {
    const path = paths[index] ?? [];
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
  const index = a.findIndex((name, at) => compare(name, b[at] ?? '') !== 0);
  const [name, other] = [a[index], b[index]];
  return name === undefined || other === undefined ? a.length - b.length : compare(name, other);
};
