/**
 * What a server says to an engine when all is well, so that a test spells out only what it is about: it grants one file, or
 * opens a session `s1` with parts of ten bytes. `next…` gives the request to the test, which answers it; all others answer.
 */

import type { Answer, Exchange, ScriptedTransport } from './scripted-transport.js';

/** What it grants. */
export const GRANT = { uploadUrl: 'https://storage.test/object?signature=secret', fileId: 'file-1' };

/** What it says when it opens a session. */
export const SESSION = { upload_id: 's1', part_size: 10 };

/** Receipts of parts as an engine keeps them. */
export const receiptsOf = (numbers: readonly number[]) =>
  numbers.map((number) => ({ number, size: 10, etag: `etag-${number}` }));

/** What it says when it has these parts. */
export const having = (numbers: readonly number[]): Answer => ({
  json: {
    upload_id: 's1',
    parts: receiptsOf(numbers).map(({ number, ...rest }) => ({ part_number: number, ...rest })),
  },
});

/** It has the part. */
export const received = (part: Exchange): Promise<void> =>
  part.answer({ headers: { ETag: `"etag-${part.partNumber}"` } });

export class ScriptedServer {
  readonly #transport: ScriptedTransport;
  #grants = 0;

  constructor(transport: ScriptedTransport) {
    this.#transport = transport;
  }

  nextMint(): Promise<Exchange> {
    return this.#transport.next('POST', '/uploads');
  }

  /** `more` is what it says beside. */
  async grant(more: object = {}): Promise<void> {
    this.#grants += 1;
    // Each file has a URL of its own, as storages sign them.
    const uploadUrl = `${GRANT.uploadUrl}?grant=${this.#grants}`;
    await (await this.nextMint()).answer({ json: { ...GRANT, uploadUrl, ...more } });
  }

  /** The request to which a grant leads. */
  nextPut(): Promise<Exchange> {
    return this.#transport.next('PUT', '/object');
  }

  /** One file from grant to storage. */
  async store(): Promise<void> {
    await this.grant();
    await (await this.nextPut()).answer({});
  }

  nextInit(): Promise<Exchange> {
    return this.#transport.next('POST', '/uploads/init');
  }

  /** `more` is what it says beside. */
  async openSession(more: object = {}): Promise<void> {
    await (await this.nextInit()).answer({ json: { ...SESSION, ...more } });
  }

  nextPart(): Promise<Exchange> {
    return this.#transport.next('PUT', '/uploads/s1/parts');
  }

  async takePart(): Promise<void> {
    await received(await this.nextPart());
  }

  /** The question what it has. */
  nextInspect(): Promise<Exchange> {
    return this.#transport.next('GET', '/uploads/s1');
  }

  async showParts(numbers: readonly number[]): Promise<void> {
    await (await this.nextInspect()).answer(having(numbers));
  }

  nextComplete(): Promise<Exchange> {
    return this.#transport.next('POST', '/uploads/s1/complete');
  }

  async complete(): Promise<void> {
    await (await this.nextComplete()).answer({ json: { file_id: 'f1' } });
  }
}
