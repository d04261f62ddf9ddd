/** Writes a multipart form while the bytes of its files stream in. */

type Fields = Readonly<Record<string, string>>;

export interface FormFile {
  readonly name: string;
  /** MIME type in visible ASCII, because it is written into a header. */
  readonly type: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface FormBody {
  readonly contentType: string;
  /** Bytes of the whole body; absent when a file's size is unknown. */
  readonly length?: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

export interface FormContent {
  /** Plain fields, written without escaping. */
  readonly fields: Fields;
  readonly files: AsyncIterable<FormFile> | readonly FormFile[];
  /** Bytes of the only file, if known. */
  readonly fileSize?: number;
}

const encoder = new TextEncoder();

/** Writes the fields first, then the files in order. */
export const writeMultipart = ({ fields, files, fileSize }: FormContent): FormBody => {
  const boundary = `gateway-${crypto.randomUUID()}`;
  const head = encoder.encode(
    Object.entries(fields)
      .map(([name, value]) => field(boundary, name, value))
      .join(''),
  );
  const tail = encoder.encode(`--${boundary}--\r\n`);
  const [only] = Array.isArray(files) ? (files as readonly FormFile[]) : [];
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    ...(only !== undefined &&
      fileSize !== undefined && {
        length: head.length + fileHead(boundary, only).length + fileSize + LINE_END.length + tail.length,
      }),
    bytes: (async function* () {
      yield head;
      for await (const file of files) {
        yield fileHead(boundary, file);
        yield* file.bytes;
        yield LINE_END;
      }
      yield tail;
    })(),
  };
};

const LINE_END = encoder.encode('\r\n');

const field = (boundary: string, name: string, value: string): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** The real name is in the fields; `filename` here only marks the part as a file. */
const fileHead = (boundary: string, { name, type }: FormFile): Uint8Array =>
  encoder.encode(
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="${name}.bin"\r\n` +
      `Content-Type: ${type}\r\n\r\n`,
  );

/** A stream that pulls chunks of `bytes` on demand; canceling it ends the source. */
export const toStream = (bytes: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> => {
  const chunks = bytes[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await chunks.next();
        if (chunk.done) controller.close();
        else controller.enqueue(chunk.value);
      },
      async cancel() {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
};
