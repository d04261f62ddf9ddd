/**
 * For plain backends: one `multipart/form-data` POST per file. Metadata is sent as fields before the file, values other
 * than strings as JSON. Any 2xx is success, and `{fileId}` or `{id}` in the answer is the file's id.
 */

import { isObject, type JsonObject, parseJson, readString } from '../lib/json.js';
import { UploadError } from '../ports/errors.js';
import type {
  Part,
  PartOptions,
  Protocol,
  Receipt,
  Session,
  SessionRecord,
  UploadFacts,
  UploadResult,
} from '../ports/protocol.js';
import type { WireResponse } from '../ports/transport.js';
import type { ProtocolContext } from './shared/definition.js';
import { isHtmlPage } from './shared/storage-answer.js';

/** `fileField` is the name of the field that carries the file. */
export type FormOptions = Pick<ProtocolContext, 'backend'> & Partial<Pick<ProtocolContext, 'fileField'>>;

export const form = ({ backend, fileField = 'file' }: FormOptions): Protocol => ({
  name: 'form',
  open: async (facts) => new FormSession({ backend, fileField }, facts, null),
  reopen: async (facts, _protocol, { storedAs }) =>
    new FormSession({ backend, fileField }, facts, typeof storedAs === 'string' ? storedAs : null),
});

class FormSession implements Session {
  readonly protocol = 'form';
  readonly limits = { maxParts: 1 };
  readonly #options: Required<FormOptions>;
  readonly #facts: UploadFacts;
  /** The file's id once the backend has stored it. */
  #storedAs: string | null;
  #response: JsonObject | null = null;

  constructor(options: Required<FormOptions>, facts: UploadFacts, storedAs: string | null) {
    this.#options = options;
    this.#facts = facts;
    this.#storedAs = storedAs;
  }

  get origin(): string {
    return this.#options.backend.origin;
  }

  get record(): SessionRecord {
    return { storedAs: this.#storedAs };
  }

  /** A file is sent whole, so the record shows whether it is stored. */
  async inspect(): Promise<readonly Receipt[]> {
    return this.#storedAs === null ? [] : [{ number: 1, size: this.#facts.size }];
  }

  async sendPart(part: Part, body: Blob, options: PartOptions): Promise<Receipt> {
    const { backend, fileField } = this.#options;
    const { name, type, metadata, relativePath } = this.#facts;
    const fields = new FormData();
    if (relativePath !== name) fields.append('relativePath', relativePath);
    for (const [key, value] of Object.entries(metadata ?? {})) {
      fields.append(key, typeof value === 'string' ? value : JSON.stringify(value));
    }
    fields.append(fileField, body.slice(0, body.size, type), name);
    // Frameworks answer a request for JSON with a status, other requests with a redirect to a page.
    const headers = { Accept: 'application/json' };
    const request = { method: 'POST', url: backend.endpoint, headers, body: fields } as const;
    const onProgress = (sentBytes: number) => options.onProgress(Math.min(sentBytes, body.size));
    const response = await backend.send(request, { ...options, onProgress });
    this.#read(response);
    return { number: part.number, size: body.size };
  }

  async complete(): Promise<UploadResult> {
    if (this.#storedAs === null) throw new UploadError('part-mismatch', 'the backend has not taken the file');
    return { fileId: this.#storedAs, response: this.#response };
  }

  /** An aborted request stores nothing, so nothing has to be deleted. */
  async cancel(): Promise<void> {}

  #read({ text, status }: WireResponse): void {
    if (isHtmlPage(text)) {
      throw new UploadError('protocol', 'the backend answers with a page: let it answer JSON, or nothing', { status });
    }
    const answer = parseJson(text);
    const value = isObject(answer) ? unwrapped(answer) : null;
    this.#response = value;
    // Without an id in the answer the file is stored all the same; the upload's id is used.
    this.#storedAs = readString(value?.fileId) ?? readString(value?.id) ?? readString(value?.file_id) ?? this.#facts.id;
  }
}

/**
 * Reads the answer of a SvelteKit form action, which reports refusals with status 200 and encodes values with
 * `devalue`: a list whose first entry holds the indexes of the values. Other answers are returned as they are.
 */
const unwrapped = (answer: JsonObject): JsonObject | null => {
  const { type, status, data } = answer;
  if (type === 'failure' || type === 'error') {
    const known = typeof status === 'number' ? status : 400;
    throw new UploadError('http', `the form action refused the file with ${known}`, { status: known });
  }
  const values = type === 'success' && typeof data === 'string' ? parseJson(data) : null;
  const [shape] = Array.isArray(values) ? (values as readonly unknown[]) : [];
  if (!Array.isArray(values) || !isObject(shape)) return answer;
  return Object.fromEntries(Object.entries(shape).map(([name, place]) => [name, values[Number(place)]]));
};
