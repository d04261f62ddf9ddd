/** Ends a scenario that this machine or this browser cannot show; the reason stands in the table. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}
