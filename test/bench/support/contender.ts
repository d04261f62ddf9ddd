/** What a page offers to the benchmark, whatever library is inside. */

export interface Widget {
  /** Where files are chosen. */
  input(): HTMLInputElement;
  /** Files that the widget has taken. */
  listed(): number;
  /** Elements that show a file each. */
  rows(): number;
  /** What a user scrolls to see more of the list. */
  scroller(): Element;
}

export interface Contender {
  /** Settles when the server has confirmed the last file; rejects when one failed. */
  send?(files: File[]): Promise<void>;
  widget?: Widget;
}

declare global {
  var contender: Contender | undefined;
}
