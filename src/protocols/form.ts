/**
 * What every plain backend speaks: one `multipart/form-data` POST a file. Metadata travels as further fields before the
 * file, values that are no text as JSON. 2xx is success, and `{fileId}` or `{id}` in the answer is the file's id.
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
  /** The id once the backend has taken the file. */
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

  /** Whole files only: what is stored is known here. */
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
    // Frameworks answer a request for JSON with a status, and any other with a redirect to a page.
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

  /** A request that was cut short has stored nothing. */
  async cancel(): Promise<void> {}

  #read({ text, status }: WireResponse): void {
    if (isHtmlPage(text)) {
      throw new UploadError('protocol', 'the backend answers with a page: let it answer JSON, or nothing', { status });
    }
    const answer = parseJson(text);
    const value = isObject(answer) ? unwrapped(answer) : null;
    this.#response = value;
    // A backend that names no id has the file nevertheless; the upload's own id stands for it.
    this.#storedAs = readString(value?.fileId) ?? readString(value?.id) ?? readString(value?.file_id) ?? this.#facts.id;
  }
}

/**
 * The value of a SvelteKit form action, which answers refusals with status 200 and values in the text of `devalue`: a list
 * whose first entry names the places of the others. Any other answer is its own value.
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
