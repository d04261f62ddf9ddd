/**
 * Refuses redirects, which would send keys and bytes to another host. Workers do not support `error`; there a redirect
 * arrives as an answer, which the caller refuses.
 */
export const strictestRedirect = (): RequestRedirect => {
  try {
    return new Request('https://storage.invalid', { redirect: 'error' }).redirect;
  } catch {
    return 'manual';
  }
};
