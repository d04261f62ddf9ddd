/** Lets bytes through one chunk at a time, and counts them. */

export interface MeterOptions {
  /** Inclusive. */
  readonly maxBytes: number;
  /** Called when there are more; the stream then ends with an error. */
  readonly onOverflow: () => void;
  /** Called when the last byte has gone through. */
  readonly onEnd: () => void;
}

export const meter = (
  body: ReadableStream<Uint8Array>,
  { maxBytes, onOverflow, onEnd }: MeterOptions,
): ReadableStream<Uint8Array> => {
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= maxBytes) {
        controller.enqueue(chunk);
        return;
      }
      onOverflow();
      controller.error(new RangeError(`more than ${maxBytes} bytes`));
    },
    flush: onEnd,
  });
  return body.pipeThrough(counter);
};
