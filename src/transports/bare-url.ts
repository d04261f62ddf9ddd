/** The URL without query and fragment: signatures live there, and must get into no message, record or probe. */
export const bareUrl = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};
