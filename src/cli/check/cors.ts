/** The browser's CORS checks (source: the Fetch standard, CORS protocol). */

const listed = (value: string | null): string[] =>
  (value ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());

/** Methods that a preflight need not allow. */
const SIMPLE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST']);

export const allowsOrigin = (headers: Headers, origin: string): boolean => {
  const allowed = headers.get('access-control-allow-origin');
  return allowed === '*' || allowed === origin;
};

export const exposes = (headers: Headers, name: string): boolean => {
  const exposed = listed(headers.get('access-control-expose-headers'));
  return exposed.includes(name) || exposed.includes('*');
};

/** Names that a preflight has to ask for. */
export const preflightedHeaders = (headers: Headers): string[] =>
  [...headers.keys()].filter((name) => name !== 'origin' && name !== 'accept' && name !== 'cookie').sort();

/** The fault of an answer to a preflight; null for a correct one. */
export const preflightFault = (
  response: Response,
  { origin, method, headers }: { readonly origin: string; readonly method: string; readonly headers: Headers },
): string | null => {
  if (!response.ok) return `OPTIONS is answered ${response.status}`;
  if (!allowsOrigin(response.headers, origin)) return `the answer to OPTIONS does not allow ${origin}`;
  const methods = listed(response.headers.get('access-control-allow-methods'));
  if (!SIMPLE_METHODS.has(method) && !methods.includes(method.toLowerCase()) && !methods.includes('*')) {
    return `the answer to OPTIONS does not allow ${method}`;
  }
  const allowed = listed(response.headers.get('access-control-allow-headers'));
  // The wildcard does not include `authorization`.
  const missing = preflightedHeaders(headers).filter(
    (name) => !allowed.includes(name) && !(allowed.includes('*') && name !== 'authorization'),
  );
  return missing.length === 0 ? null : `the answer to OPTIONS does not allow the headers ${missing.join(', ')}`;
};
