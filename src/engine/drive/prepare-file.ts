/** Runs the page's `prepare`, a few files at a time. */

import { abortable } from '../../lib/abortable.js';
import { isObject } from '../../lib/json.js';
import { toUploadError, UploadError } from '../../ports/errors.js';
import type { SourceFile } from '../../ports/source.js';
import type { PreparedFile } from '../options.js';
import { isBlob } from '../source/file-input.js';
import { fingerprintOf } from '../source/fingerprint.js';
import { renamed } from '../upload/edits.js';
import { plainMetadata } from '../upload/metadata.js';
import type { DriveContext } from './drive-context.js';

/** Files that are prepared at once: pictures and encryption take much memory. */
const MAX_PARALLEL = 2;

let running = 0;
const waiting = new Set<() => void>();

/** Calls `prepare` with the chosen file and sets what is sent. */
export const prepareFile = async (run: DriveContext): Promise<void> => {
  await run.waits.during(
    { reason: 'preparing-file', resumesAt: null },
    inTurn(run, () => makeContent(run)),
  );
  run.checkpoint();
};

const inTurn = async ({ signal }: DriveContext, work: () => Promise<void>): Promise<void> => {
  while (running >= MAX_PARALLEL) {
    let enter = () => {};
    const turn = new Promise<void>((resolve) => {
      enter = resolve;
    });
    waiting.add(enter);
    await abortable(turn, signal).finally(() => waiting.delete(enter));
  }
  running += 1;
  try {
    await work();
  } finally {
    running -= 1;
    // All of them, because one that is being aborted does not take the turn.
    for (const enter of waiting) enter();
  }
};

const makeContent = async (run: DriveContext): Promise<void> => {
  const { upload, signal, ports, list, onRefused } = run;
  const { chosen } = upload.content;
  if (chosen === null) return;
  const made = await called(run, chosen);
  signal.throwIfAborted();
  if (made === null) {
    onRefused();
    signal.throwIfAborted();
    return;
  }
  const { file: body = chosen, name, metadata = upload.facts.metadata } = partsOf(made);
  // A mistake must not send the chosen file instead, which the page may have meant to encrypt.
  if (!isBlob(body) || name?.trim() === '') throw new UploadError('configuration', WRONG_RESULT);
  const sent = asFile(body, name ?? nameOf(body, chosen) ?? upload.facts.name, chosen);
  const fingerprint = await fingerprintOf(chosen, ports.hasher);
  signal.throwIfAborted();
  const isAgain = upload.content.mustPrepareAgain;
  const before = { size: upload.facts.size, fingerprint: upload.fingerprint };
  upload.content.prepared(body === chosen ? chosen : sent, fingerprint);
  if (!isAgain || !upload.isOpened) {
    const { size, type, lastModified } = body === chosen ? upload.description : sent;
    const named = sent.name === upload.facts.name ? {} : renamed(upload, sent.name, list);
    upload.redescribe({ ...named, size, type, lastModified, metadata: plainMetadata(metadata) });
    return;
  }
  await assertSame(run, sent, before);
};

/**
 * The session holds bytes of the earlier result: if `prepare` made other bytes, a new session is opened and reported.
 */
const assertSame = async (
  run: DriveContext,
  sent: SourceFile,
  before: { readonly size: number; readonly fingerprint: string | null },
): Promise<void> => {
  const { upload, ports, signal } = run;
  const fingerprint = await fingerprintOf(sent, ports.hasher);
  signal.throwIfAborted();
  if (sent.size === before.size && fingerprint === before.fingerprint) return;
  upload.forgetSession();
  upload.fingerprint = fingerprint;
  upload.redescribe({ size: sent.size, type: sent.type });
  // Without an earlier fingerprint nothing says that the bytes differ.
  if (before.fingerprint === null && sent.size === before.size) return;
  run.onRetry(new UploadError('source-changed', 'prepare made other bytes than before: the upload starts over'), 0);
};

const called = async ({ upload, options, signal }: DriveContext, chosen: SourceFile): Promise<PreparedFile> => {
  const { id, metadata } = upload.facts;
  const { prepare } = options();
  if (prepare === null) {
    throw new UploadError('configuration', 'an earlier page prepared this file: set `prepare` again');
  }
  try {
    return await abortable(Promise.resolve(prepare(chosen as File, { id, metadata, signal })), signal);
  } catch (error) {
    signal.throwIfAborted();
    const { message } = toUploadError(error);
    throw new UploadError('configuration', `prepare failed: ${message.slice(0, 200)}`, { cause: error });
  }
};

const WRONG_RESULT =
  'prepare must return a Blob, {file?, name?, metadata?}, null or nothing, and a name must not be empty';

/** False for other things, such as an `ArrayBuffer`. */
const isParts = (made: unknown): made is Exclude<PreparedFile, Blob | null | undefined> =>
  isObject(made) &&
  (Object.getPrototypeOf(made) === Object.prototype || ['file', 'name', 'metadata'].some((name) => name in made));

/** What is no such object is taken for the file, which must be a `Blob`. */
const partsOf = (made: Exclude<PreparedFile, null> = {}): Exclude<PreparedFile, Blob | null | undefined> =>
  isParts(made) && !isBlob(made) ? made : { file: made as Blob };

/** Undefined for a blob, and for a file with the chosen one's name, which the list or the user may have changed. */
const nameOf = (body: Blob, chosen: SourceFile): string | undefined =>
  'name' in body && typeof body.name === 'string' && body.name !== chosen.name ? body.name : undefined;

const asFile = (body: Blob, name: string, { lastModified }: SourceFile): SourceFile =>
  'name' in body && body.name === name && 'lastModified' in body
    ? (body as SourceFile)
    : new File([body], name, { type: body.type, lastModified });
