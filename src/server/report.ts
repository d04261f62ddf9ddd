/** Tells hooks of what happened. One that fails, at once or later, must not change the answer, and not end the process. */

export interface Reporting<Failure> {
  readonly onError?: ((error: Failure, request: Request) => void | Promise<void>) | undefined;
}

export const report = <Failure>(error: Failure, request: Request, { onError }: Reporting<Failure>): Promise<void> =>
  reportTo(onError, error, request);

export const reportTo = async <News extends readonly unknown[]>(
  hook: ((...news: News) => void | Promise<void>) | undefined,
  ...news: News
): Promise<void> => {
  try {
    await hook?.(...news);
  } catch {
    // A log that fails has nowhere to tell of it.
  }
};
