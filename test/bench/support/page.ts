/** What all pages of the benchmark share: where things are, and how the page's own backend is asked. */

export const STORAGE = location.origin.replace('localhost', '127.0.0.1');

/** Which setting of the library is measured. */
export const variant = new URLSearchParams(location.search).get('variant') ?? '';

export const place = (): Element => {
  const found = document.querySelector('#place');
  if (found === null) throw new Error('the page has no place for a widget');
  return found;
};

// biome-ignore lint/suspicious/noExplicitAny: each library wants an answer of its own shape.
export const postJson = async (path: string, body: unknown = {}): Promise<any> => {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
};

/** Does the jobs, so many at a time. */
export const inWorkers = async <Item>(count: number, items: Item[], job: (item: Item) => Promise<void>) => {
  const left = items.values();
  const work = async () => {
    for (const item of left) await job(item);
  };
  await Promise.all(Array.from({ length: count }, work));
};
