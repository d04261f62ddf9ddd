/**
 * Parses the events of the webhook articles. The payload is not documented, so only the type is guaranteed; the other
 * fields are read from their usual places, and `payload` is the whole message.
 */

import { defined } from '../../lib/defined.js';
import { isObject, type JsonObject, readNumber, readString } from '../../lib/json.js';
import { parseInstant } from '../../wire/headers.js';

/** The types that the articles name: upload, change, deletion, access, and a new member. */
export const FILE_EVENTS = ['file.uploaded', 'file.modified', 'file.deleted', 'file.accessed'] as const;
export type FileEventType = (typeof FILE_EVENTS)[number];

interface EventFacts {
  /** The sender's id of the event, if it has one; make hooks idempotent by it. */
  readonly id?: string;
  /** Time of signing, in milliseconds since 1970. */
  readonly signedAt: number;
  /** Time of the event in milliseconds since 1970, if the sender reports it. */
  readonly occurredAt?: number;
  readonly workspaceId?: string;
  /** The whole message, for other fields. They are undocumented: ask the API before you act on one. */
  readonly payload: JsonObject;
}

export interface FileEvent extends EventFacts {
  readonly type: FileEventType;
  readonly fileId?: string;
  readonly name?: string;
  /** Bytes. */
  readonly size?: number;
}

export interface MemberEvent extends EventFacts {
  readonly type: 'workspace.member_added';
  readonly userId?: string;
}

/** An event of a type that the articles do not document. */
export interface OtherEvent extends EventFacts {
  readonly type: string;
}

export type WebhookEvent = FileEvent | MemberEvent | OtherEvent;

/** TypeScript cannot distinguish it from an `OtherEvent` by `type` alone. */
export const isFileEvent = (event: WebhookEvent): event is FileEvent => FILE_EVENTS.some((type) => type === event.type);

/** Null when the message has no event type. */
export const readEvent = (payload: JsonObject, signedAt: number): WebhookEvent | null => {
  const type = readString(payload.type) ?? readString(payload.event) ?? readString(payload.event_type);
  if (type === undefined) return null;
  const data = firstObject(payload.data, payload.payload) ?? payload;
  const occurred = payload.created_at ?? payload.occurred_at ?? payload.timestamp;
  const occurredAt = parseInstant(typeof occurred === 'string' || typeof occurred === 'number' ? occurred : null);
  const facts = {
    type,
    signedAt,
    payload,
    ...defined({
      id: readString(payload.event_id) ?? (data === payload ? undefined : readString(payload.id)),
      occurredAt,
      workspaceId: idOf(data, 'workspace') ?? idOf(payload, 'workspace'),
    }),
  };
  if (type === 'workspace.member_added') {
    return Object.freeze({ ...facts, ...defined({ userId: idOf(data, 'user') ?? idOf(data, 'member') }) });
  }
  return Object.freeze(FILE_EVENTS.some((name) => name === type) ? { ...facts, ...readFile(data) } : facts);
};

const readFile = (data: JsonObject) => {
  const file = firstObject(data.file, data.node) ?? data;
  return defined({
    fileId: idOf(data, 'file') ?? idOf(data, 'node') ?? readString(file.id),
    name: readString(file.name) ?? readString(file.filename) ?? readString(file.file_name),
    size: readNumber(file.size),
  });
};

/** `file_id`, `fileId`, or the `id` of the object `file`. */
const idOf = (data: JsonObject, noun: string): string | undefined => {
  const nested = data[noun];
  return (
    readString(data[`${noun}_id`]) ??
    readString(data[`${noun}Id`]) ??
    (isObject(nested) ? readString(nested.id) : undefined)
  );
};

const firstObject = (...values: readonly unknown[]): JsonObject | undefined => values.find(isObject);
