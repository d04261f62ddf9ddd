/**
 * Tabs of one origin about the uploads that one of them drives: the owner tells how far it is to those who watch, and
 * does what they ask. Nothing secret is said: any script of the origin can listen.
 */

import { isObject } from '../../lib/json.js';
import type { Channel } from '../../ports/channel.js';
import type { UploadSnapshot } from '../upload/snapshot.js';

/** What a watching tab shows of an upload. */
export type MirroredProgress = Pick<
  UploadSnapshot,
  'sentBytes' | 'confirmedBytes' | 'ratio' | 'bytesPerSecond' | 'remainingMs' | 'parts'
>;

export type TabCommand = 'pause' | 'resume' | 'cancel';

type Message =
  | { readonly type: 'kept' }
  | { readonly type: 'watch' | 'over' | TabCommand; readonly id: string }
  | { readonly type: 'progress'; readonly id: string; readonly progress: MirroredProgress };

export interface TabsInit {
  readonly channel: Channel;
  /** A tab asks something of an upload, which may not be ours. */
  readonly onCommand: (id: string, command: TabCommand) => void;
  readonly onProgress: (id: string, progress: MirroredProgress) => void;
  /** A tab began to watch. */
  readonly onWatch: (id: string) => void;
  /** The upload is over in another tab, whatever its record says. */
  readonly onOver: (id: string) => void;
  /** Another tab keeps records that could not be seen before. */
  readonly onKept: () => void;
}

const COMMANDS: readonly string[] = ['pause', 'resume', 'cancel'] satisfies TabCommand[];

export class Tabs {
  readonly #init: TabsInit;
  readonly #watched = new Set<string>();
  #bag: AbortController | null = null;

  constructor(init: TabsInit) {
    this.#init = init;
  }

  /** From now on hears what other tabs say; nothing is opened before. */
  listen(): void {
    if (this.#bag) return;
    this.#bag = new AbortController();
    this.#init.channel.listen((message) => this.#hear(message), this.#bag);
  }

  /** Hears nothing until it listens again. */
  close(): void {
    this.#bag?.abort();
    this.#bag = null;
  }

  /** Asks the owner to tell of this upload. */
  watch(id: string): void {
    this.listen();
    this.#post({ type: 'watch', id });
  }

  /** Records of this tab can be seen now. */
  announce(): void {
    this.#post({ type: 'kept' });
  }

  /** The upload is over, whatever its record says. */
  over(id: string): void {
    this.#post({ type: 'over', id });
  }

  ask(id: string, command: TabCommand): void {
    this.#post({ type: command, id });
  }

  /** Tells the tabs that watch, if any do. */
  tell(snapshot: UploadSnapshot): void {
    const { id } = snapshot;
    if (this.#watched.has(id)) this.#post({ type: 'progress', id, progress: progressOf(snapshot) });
  }

  #post(message: Message): void {
    this.#init.channel.post(message);
  }

  #hear(message: unknown): void {
    if (!isObject(message)) return;
    const { id, type, progress } = message;
    const { onCommand, onProgress, onWatch, onOver, onKept } = this.#init;
    if (type === 'kept') onKept();
    if (typeof id !== 'string') return;
    if (type === 'over') onOver(id);
    else if (type === 'watch') {
      this.#watched.add(id);
      onWatch(id);
    } else if (type === 'progress' && isProgress(progress)) onProgress(id, progressOf(progress));
    else if (isCommand(type)) onCommand(id, type);
  }
}

/** Nothing else of what comes may get into a snapshot. */
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
