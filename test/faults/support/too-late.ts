/** Something was waited for in vain. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}
