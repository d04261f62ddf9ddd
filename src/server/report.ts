export interface Reporting<Failure> {
  readonly onError?: ((error: Failure, request: Request) => void | Promise<void>) | undefined;
}

/** Tells the hook. One that fails, at once or later, must not change the answer, and not end the process. */
export const report = async <Failure>(
  error: Failure,
  request: Request,
  { onError }: Reporting<Failure>,
): Promise<void> => {
  try {
    await onError?.(error, request);
  } catch {
    // Nobody is left to tell.
  }
};
