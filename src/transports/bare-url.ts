/** The URL without query and fragment, whose signatures must not appear in messages, records and probes. */
export const bareUrl = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
};
