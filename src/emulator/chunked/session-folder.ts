/**
 * Keeps sessions on disk, so that they survive a restart: each has a folder with the facts in `session.json` and every
 * part in a file whose name holds its number, size and ETag. Storing a part is one rename, without a separate index.
 */

import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, parseJson } from '../../lib/json.js';
import type { Disk, TempFile } from '../disk/disk.js';
import { createSession, type Session, type SessionPart } from './session.js';

const PART_NAME = /^(\d+)\.(\d+)\.([0-9a-f]{32})\.part$/;

const nameOf = ({ number, size, etag }: SessionPart): string => `${number}.${size}.${etag}.part`;

const parsePartName = (name: string): SessionPart[] => {
  const [, number, size, etag] = PART_NAME.exec(name) ?? [];
  return etag === undefined ? [] : [{ number: Number(number), size: Number(size), etag }];
};

/** `save` writes the file in one step, so any other content is not a session. */
const parseSession = (text: string): Session | null => {
  const value = parseJson(text);
  if (!isObject(value) || !isObject(value.facts) || typeof value.facts.uploadId !== 'string') return null;
  const { facts, completion } = value as unknown as Pick<Session, 'facts' | 'completion'>;
  return createSession(facts, completion);
};

export class SessionFolder {
  readonly #disk: Disk;
  readonly #root: string;

  constructor(disk: Disk) {
    this.#disk = disk;
    this.#root = disk.folder('sessions');
  }

  /** The sessions of earlier runs. */
  load(): Session[] {
    return readdirSync(this.#root).flatMap((name) => {
      const folder = join(this.#root, name);
      const session = this.#loadOne(folder);
      if (session === null) rmSync(folder, { recursive: true, force: true });
      return session ?? [];
    });
  }

  async save({ facts, completion }: Session): Promise<void> {
    this.#disk.folder(join('sessions', facts.uploadId));
    await this.#disk.writeText(this.#fileOf(facts.uploadId, 'session.json'), JSON.stringify({ facts, completion }));
  }

  /** Moves the part into the folder; the caller then drops the part that it replaces. */
  placePart(session: Session, part: SessionPart, temp: TempFile): void {
    this.#disk.place(temp, this.partFile(session, part));
  }

  async dropPart(session: Session, part: SessionPart): Promise<void> {
    await this.#disk.remove(this.partFile(session, part), part.size);
  }

  partFile(session: Session, part: SessionPart): string {
    return this.#fileOf(session.facts.uploadId, nameOf(part));
  }

  async remove(session: Session): Promise<void> {
    const kept = session.completion === null ? [...session.parts.values()] : [];
    const bytes = kept.reduce((sum, part) => sum + part.size, 0);
    await this.#disk.remove(join(this.#root, session.facts.uploadId), bytes);
  }

  #loadOne(folder: string): Session | null {
    const names = readdirSync(folder);
    const session = names.includes('session.json')
      ? parseSession(readFileSync(join(folder, 'session.json'), 'utf8'))
      : null;
    if (session === null) return null;
    // A crash between storing a part and dropping the earlier one leaves two of the same number; the newer one counts.
    const modifiedAt = (part: SessionPart) => statSync(join(folder, nameOf(part))).mtimeMs;
    const parts = names.flatMap(parsePartName).sort((a, b) => modifiedAt(a) - modifiedAt(b));
    for (const part of parts) {
      const older = session.parts.get(part.number);
      if (older !== undefined) rmSync(join(folder, nameOf(older)));
      session.parts.set(part.number, part);
    }
    for (const { size } of session.parts.values()) this.#disk.occupy(size);
    return session;
  }

  #fileOf(uploadId: string, name: string): string {
    return join(this.#root, uploadId, name);
  }
}
