/**
 * Whether a service worker answers for this page. Reading `navigator.serviceWorker` throws in a sandboxed frame without
 * `allow-same-origin`, which has none.
 */
export const hasServiceWorker = (): boolean => {
  const { navigator }: { readonly navigator?: { readonly serviceWorker?: { readonly controller: unknown } } } =
    globalThis;
  try {
    return (navigator?.serviceWorker?.controller ?? null) !== null;
  } catch {
    return false;
  }
};
