/** This machine or this browser cannot show it. Ends a scenario of the laboratory, in whose table the reason stands. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}
