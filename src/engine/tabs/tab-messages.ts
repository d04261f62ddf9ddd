/**
 * The messages between tabs of one origin about uploads that one of them drives: the driving tab sends progress to the
 * watching tabs and receives their commands. Messages contain no secrets, because any script of the origin can listen.
 */

import { isObject } from '../../lib/json.js';
import type { Channel } from '../../ports/channel.js';
import type { MirroredProgress, UploadSnapshot } from '../upload/snapshot.js';

/** Commands that are methods of the engine. */
export type EngineCommand = 'pause' | 'resume' | 'cancel';

/** `yield` asks a tab that waits for the file to let a tab that has it drive the upload. */
export type TabCommand = EngineCommand | 'yield';

/**
 * - `over`: the upload has ended, although its record may still exist.
 * - `missing`: the tab drives the upload, but lacks its file.
 */
export type TabMessage = TabCommand | 'over' | 'missing';

type Message =
  | { readonly type: 'kept' }
  | { readonly type: 'watch' | TabMessage; readonly id: string }
  | { readonly type: 'progress'; readonly id: string; readonly progress: MirroredProgress };

export interface TabsInit {
  readonly channel: Channel;
  /** A tab sent a command for an upload, which this tab may not drive. */
  readonly onCommand: (id: string, command: TabCommand) => void;
  readonly onProgress: (id: string, progress: MirroredProgress) => void;
  /** A tab started to watch an upload. */
  readonly onWatch: (id: string) => void;
  /** The upload has ended in another tab, although its record may still exist. */
  readonly onOver: (id: string) => void;
  /** Another tab took the upload over, but lacks its file. */
  readonly onMissing: (id: string) => void;
  /** Records of another tab became visible. */
  readonly onKept: () => void;
}

const COMMANDS: readonly string[] = ['pause', 'resume', 'cancel', 'yield'] satisfies TabCommand[];

export class Tabs {
  readonly #init: TabsInit;
  readonly #watched = new Set<string>();
  #listeners: AbortController | null = null;

  constructor(init: TabsInit) {
    this.#init = init;
  }

  /** Opens the channel and starts receiving messages. */
  listen(): void {
    if (this.#listeners) return;
    this.#listeners = new AbortController();
    this.#init.channel.listen((message) => this.#onMessage(message), this.#listeners);
  }

  /** Stops receiving messages. */
  close(): void {
    this.#listeners?.abort();
    this.#listeners = null;
  }

  /** Asks the driving tab to send the progress of this upload. */
  watch(id: string): void {
    this.listen();
    this.#post({ type: 'watch', id });
  }

  /** Reports that records of this tab became visible. */
  announce(): void {
    this.#post({ type: 'kept' });
  }

  send(type: TabMessage, id: string): void {
    this.#post({ type, id });
  }

  /** Sends the progress if a tab watches the upload. */
  tell(snapshot: UploadSnapshot): void {
    const { id } = snapshot;
    if (this.#watched.has(id)) this.#post({ type: 'progress', id, progress: progressOf(snapshot) });
  }

  #post(message: Message): void {
    this.#init.channel.post(message);
  }

  #onMessage(message: unknown): void {
    if (!isObject(message)) return;
    const { id, type, progress } = message;
    const { onCommand, onProgress, onWatch, onOver, onMissing, onKept } = this.#init;
    if (type === 'kept') onKept();
    if (typeof id !== 'string') return;
    if (type === 'over') onOver(id);
    else if (type === 'missing') onMissing(id);
    else if (type === 'watch') {
      this.#watched.add(id);
      onWatch(id);
    } else if (type === 'progress' && isProgress(progress)) onProgress(id, progressOf(progress));
    else if (isCommand(type)) onCommand(id, type);
  }
}

/** Copies only the known fields, because a message may contain others. */
const progressOf = (source: MirroredProgress): MirroredProgress => {
  const { sentBytes, confirmedBytes, ratio, bytesPerSecond, remainingMs, parts } = source;
  return { sentBytes, confirmedBytes, ratio, bytesPerSecond, remainingMs, parts };
};

const isCommand = (type: unknown): type is TabCommand => typeof type === 'string' && COMMANDS.includes(type);

const isProgress = (value: unknown): value is MirroredProgress =>
  isObject(value) &&
  ['sentBytes', 'confirmedBytes', 'ratio', 'bytesPerSecond'].every((key) => Number.isFinite(value[key])) &&
  (value.remainingMs === null || Number.isFinite(value.remainingMs)) &&
  (value.parts === null || (isObject(value.parts) && Number.isFinite(value.parts.total)));
