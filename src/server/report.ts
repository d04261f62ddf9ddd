/** Calls reporting hooks. A hook that throws or rejects must neither change the answer nor end the process. */

export interface Reporting<Failure> {
  readonly onError?: ((error: Failure, request: Request) => void | Promise<void>) | undefined;
}

export const report = <Failure>(error: Failure, request: Request, { onError }: Reporting<Failure>): Promise<void> =>
  reportTo(onError, error, request);

export const reportTo = async <Args extends readonly unknown[]>(
  hook: ((...args: Args) => void | Promise<void>) | undefined,
  ...args: Args
): Promise<void> => {
  try {
    await hook?.(...args);
  } catch {
    // There is nowhere to report a failing report hook.
  }
};
