/** An engine without uploads of its own: tests put snapshots on its list and read what the element asked for. */

import type { EngineCore } from '../../src/engine/engine-core.js';
import { DEFAULT_OPTIONS, type EngineOptions } from '../../src/engine/options.js';
import type { EngineEventMap } from '../../src/engine/upload/events.js';
import type { AggregateProgress, UploadSnapshot } from '../../src/engine/upload/snapshot.js';
import { TypedEventTarget } from '../../src/lib/typed-event-target.js';
import type { UploadErrorCode, UploadErrorInfo } from '../../src/ports/errors.js';
import type { AnnouncedLimits } from '../../src/ports/protocol.js';
import type { FileInput } from '../../src/ports/source.js';

let made = 0;

/** A snapshot with sensible values; the file is half sent. */
export const snapshot = (facts: Partial<UploadSnapshot> = {}): UploadSnapshot => {
  made += 1;
  const size = facts.size ?? 1_800_000_000;
  const name = facts.name ?? `file-${made}.mp4`;
  return Object.freeze({
    id: `upload-${made}`,
    name,
    size,
    type: 'video/mp4',
    relativePath: name,
    lastModified: 1_760_000_000_000,
    metadata: null,
    state: 'queued',
    reason: null,
    totalBytes: size,
    sentBytes: 0,
    confirmedBytes: 0,
    ratio: facts.state === 'done' ? 1 : 0,
    bytesPerSecond: 0,
    remainingMs: null,
    parts: null,
    attempt: 1,
    resumesAt: null,
    protocol: null,
    fileId: facts.state === 'done' ? `stored-${made}` : null,
    result: null,
    error: null,
    ...facts,
  });
};

/** An error as a snapshot tells it. */
export const errorOf = (code: UploadErrorCode): UploadErrorInfo => ({
  code,
  message: 'for developers',
  retriable: false,
});

const OVER = new Set(['done', 'failed', 'canceled']);

export class FakeEngine extends TypedEventTarget<EngineEventMap> {
  uploads: readonly UploadSnapshot[] = [];
  options: EngineOptions = { ...DEFAULT_OPTIONS };
  limits: AnnouncedLimits | null = null;
  /** Names and arguments of the calls, as the element made them. */
  readonly calls: unknown[][] = [];
  #counted: { readonly uploads: readonly UploadSnapshot[]; readonly progress: AggregateProgress } | null = null;
  readonly #files = new Map<string, File>();

  /** As the element wants it. The fake has the public face of an engine and nothing private. */
  asEngine(): EngineCore {
    return this as unknown as EngineCore;
  }

  /** As in the engine: computed once for each list. */
  get progress(): AggregateProgress {
    if (this.#counted?.uploads !== this.uploads) this.#counted = { uploads: this.uploads, progress: this.#count() };
    return this.#counted.progress;
  }

  #count(): AggregateProgress {
    const count = (state: string) => this.uploads.filter((upload) => upload.state === state).length;
    const kept = this.uploads.filter(({ state }) => state !== 'canceled');
    const sum = (pick: (upload: UploadSnapshot) => number) => kept.reduce((total, upload) => total + pick(upload), 0);
    const totalBytes = sum(({ size }) => size);
    const confirmedBytes = sum(({ confirmedBytes, state, size }) => (state === 'done' ? size : confirmedBytes));
    const pending = this.uploads.filter(({ state }) => !OVER.has(state)).length;
    const bytesPerSecond = sum((upload) => upload.bytesPerSecond);
    return {
      total: this.uploads.length,
      done: count('done'),
      failed: count('failed'),
      canceled: count('canceled'),
      pending,
      totalBytes,
      sentBytes: sum(({ sentBytes, state, size }) => (state === 'done' ? size : sentBytes)),
      confirmedBytes,
      ratio:
        totalBytes > 0
          ? Math.max(
              confirmedBytes,
              sum(({ ratio, size }) => ratio * size),
            ) / totalBytes
          : 0,
      bytesPerSecond,
      remainingMs: bytesPerSecond > 0 ? ((totalBytes - confirmedBytes) / bytesPerSecond) * 1000 : null,
    };
  }

  /** Puts snapshots on the list and tells it. */
  show(...uploads: UploadSnapshot[]): void {
    this.uploads = Object.freeze(uploads);
    for (const upload of uploads) this.emit('upload-added', Object.freeze({ upload }));
  }

  /** Tells that a file was refused for its type. */
  refuse(file: File): void {
    this.emit('upload-rejected', Object.freeze({ file, code: 'rejected-type', message: '' }));
  }

  /** Replaces the snapshot of one upload and tells its new state. */
  change(id: string, facts: Partial<UploadSnapshot>): void {
    const old = this.uploads.find((upload) => upload.id === id);
    if (!old) throw new Error(`no upload ${id}`);
    const upload = Object.freeze({ ...old, ...facts });
    this.uploads = Object.freeze(this.uploads.map((other) => (other.id === id ? upload : other)));
    this.emit('upload-state', Object.freeze({ upload, previous: old.state }));
  }

  addFiles(inputs: Iterable<FileInput>, onAll?: (count: number) => void): readonly UploadSnapshot[] {
    const files = [...inputs];
    this.calls.push(['addFiles', files]);
    const added = files.map((input) => {
      const file = input instanceof File ? input : input.file;
      const relativePath = input instanceof File ? file.name : (input.relativePath ?? file.name);
      const upload = snapshot({ name: file.name, size: file.size, type: file.type, relativePath });
      this.#files.set(upload.id, file);
      return upload;
    });
    this.uploads = Object.freeze([...this.uploads, ...added]);
    for (const upload of added) this.emit('upload-added', Object.freeze({ upload }));
    onAll?.(added.length);
    return added;
  }

  replaceAll(input: FileInput): readonly UploadSnapshot[] {
    for (const { id } of this.uploads) this.remove(id);
    return this.addFiles([input]);
  }

  fileOf(id: string): File | null {
    return this.#files.get(id) ?? null;
  }

  configure(options: Partial<EngineOptions>): void {
    this.calls.push(['configure', options]);
    this.options = { ...this.options, ...options };
  }

  start(): void {
    this.calls.push(['start']);
  }

  prioritize(id: string): void {
    this.calls.push(['prioritize', id]);
    const chosen = this.uploads.find((upload) => upload.id === id);
    const rest = this.uploads.filter((upload) => upload !== chosen);
    const first = rest.findIndex(({ state }) => state === 'queued');
    if (chosen && first >= 0) this.uploads = Object.freeze([...rest.slice(0, first), chosen, ...rest.slice(first)]);
  }

  move(id: string, index: number): boolean {
    this.calls.push(['move', id, index]);
    const chosen = this.uploads.find((upload) => upload.id === id);
    const rest = this.uploads.filter((upload) => upload !== chosen);
    if (chosen) this.uploads = Object.freeze([...rest.slice(0, index), chosen, ...rest.slice(index)]);
    return chosen !== undefined;
  }

  pause(id?: string): void {
    this.calls.push(['pause', id]);
  }

  resume(id?: string): void {
    this.calls.push(['resume', id]);
  }

  retry(id?: string): void {
    this.calls.push(['retry', id]);
  }

  cancel(id?: string): void {
    this.calls.push(['cancel', id]);
  }

  remove(ids: string | readonly string[]): void {
    for (const id of [ids].flat()) this.#remove(id);
  }

  #remove(id: string): void {
    this.calls.push(['remove', id]);
    const gone = this.uploads.find((upload) => upload.id === id);
    this.uploads = Object.freeze(this.uploads.filter((upload) => upload !== gone));
    if (gone) this.emit('upload-removed', Object.freeze({ upload: gone }));
  }

  undo(ids: Iterable<string>): readonly UploadSnapshot[] {
    this.calls.push(['undo', [...ids]]);
    return [];
  }

  clear(): void {
    this.calls.push(['clear']);
    for (const { id, state } of this.uploads) if (state === 'done' || state === 'canceled') this.remove(id);
  }

  async reattach(id: string, input: FileInput): Promise<boolean> {
    const file = input instanceof File ? input : input.file;
    this.calls.push(['reattach', id, file]);
    return this.uploads.some((upload) => upload.id === id && upload.name === file.name);
  }

  async restore(): Promise<readonly UploadSnapshot[]> {
    this.calls.push(['restore']);
    return [];
  }

  async discover(): Promise<void> {
    this.calls.push(['discover']);
  }
}
