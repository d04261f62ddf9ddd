import type { Params, Route } from './dialect.js';

export interface Matched {
  readonly route: Route;
  readonly params: Params;
}

const decode = (segment: string): string | null => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
};

const matchPath = (pattern: string, path: string): Params | null => {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const isOpen = wanted.at(-1) === '*';
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!segment.startsWith(':')) {
      if (segment !== value && segment !== '*') return null;
      continue;
    }
    const decoded = decode(value);
    if (decoded === null || decoded === '') return null;
    params[segment.slice(1)] = decoded;
  }
  return params;
};

/** The routes that match the path, of every method. */
export const routesAt = (routes: readonly Route[], path: string): Matched[] =>
  routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params === null ? [] : [{ route, params }];
  });

export const pickMethod = (matches: readonly Matched[], method: string): Matched | undefined =>
  matches.find(({ route }) => route.method === method) ?? matches.find(({ route }) => route.method === '*');
