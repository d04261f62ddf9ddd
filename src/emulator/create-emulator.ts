/**
 * The emulator without a port: a listener to mount in an existing server. It joins independent parts: the dialects (one
 * folder each) handle the requests, the store keeps the bytes, the fault layer decides on faults, the log records
 * requests. To add a dialect, add an entry in `createDialects`.
 *
 * ```ts
 * const emulator = createEmulator();
 * createServer((request, response) => {
 *   if (!emulator.listener(request, response)) response.writeHead(404).end();
 * });
 * ```
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAdminRoutes } from './admin/admin-routes.js';
import { createChunkedDialect } from './chunked/chunked-dialect.js';
import { createCurrentDialect } from './current/current-dialect.js';
import { Disk } from './disk/disk.js';
import { ObjectStore, type StoredFile } from './disk/object-store.js';
import { FaultLayer } from './faults/fault-layer.js';
import type { FaultRule, FaultScript } from './faults/fault-script.js';
import { parseFaultScript } from './faults/parse-fault-script.js';
import { createWorkspaceCheck } from './http/file-request.js';
import { type LogEntry, RequestLog } from './http/request-log.js';
import { RequestServer } from './http/request-server.js';
import { DEFAULT_PART_RULES, DEFAULT_SESSION_TTL_MS, type EmulatorOptions } from './options.js';
import { createPresignedDialect } from './presigned/presigned-dialect.js';
import type { WebhookDelivery } from './webhooks/webhook-options.js';
import { WebhookSender } from './webhooks/webhook-sender.js';

/** The controls of an emulator, mounted or with its own port. */
export interface EmulatorControls {
  /** The bearer key for `/v1/*` and `/current/*`. */
  readonly apiKey: string;
  readonly dataDir: string;
  /** Replaces the fault script; no argument, `[]` or `{}` clears it. @throws Error that names the invalid field. */
  faults(script?: FaultScript | readonly FaultRule[]): void;
  /** The stored files, in order of storing. */
  files(): StoredFile[];
  /** The last 100,000 requests, in order of arrival. */
  log(): LogEntry[];
  /** The last 10,000 attempts to deliver webhooks, in order of sending. */
  webhooks(): WebhookDelivery[];
  /** Deletes files, sessions, grants, faults and log. */
  clear(): Promise<void>;
  /** Cuts running requests, and removes `dataDir` if it was a temporary folder. */
  close(): Promise<void>;
}

export interface MountedEmulator extends EmulatorControls {
  /** Answers the request, or returns false and leaves it untouched when the path is not the emulator's. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether the path (`/v1/…`, `/current/…`, `/storage/…`, `/emulator/…`) is the emulator's. */
  readonly handlesPath: (path: string) => boolean;
}

/** The origin that the request was sent to. */
const originOf = (request: IncomingMessage): string =>
  `http://${request.headers.host ?? `127.0.0.1:${request.socket.localPort}`}`;

const openDisk = ({ dataDir, capacityBytes }: EmulatorOptions): Disk => {
  const root = dataDir ?? mkdtempSync(join(tmpdir(), 'fastio-emulator-'));
  mkdirSync(root, { recursive: true });
  return new Disk(root, capacityBytes ?? Number.POSITIVE_INFINITY);
};

interface DialectParts {
  readonly apiKey: string;
  readonly disk: Disk;
  readonly store: ObjectStore;
  readonly now: () => number;
}

const createDialects = (options: EmulatorOptions, { apiKey, disk, store, now }: DialectParts) => {
  const { publicOrigin = originOf, sessionTtlMs = DEFAULT_SESSION_TTL_MS } = options;
  const shared = {
    disk,
    store,
    now,
    checkWorkspace: createWorkspaceCheck(options.workspaces),
    maxFileSize: options.maxFileSize ?? Number.POSITIVE_INFINITY,
  };
  return [
    createPresignedDialect({
      ...shared,
      publicOrigin: typeof publicOrigin === 'string' ? () => publicOrigin : publicOrigin,
    }),
    createChunkedDialect({
      ...shared,
      rules: { ...DEFAULT_PART_RULES, ...options.parts },
      sessionTtlMs,
      allowsCors: options.chunkedCors ?? true,
    }),
    createCurrentDialect({
      ...shared,
      apiKey,
      sessionTtlMs,
      workspaces: options.workspaces,
      plan: options.plan ?? 'free',
      limits: options.limits ?? {},
      options: options.current ?? {},
      generation: options.generation ?? 'stored',
    }),
  ];
};

export const createEmulator = (options: EmulatorOptions = {}): MountedEmulator => {
  const { apiKey = `key_${randomBytes(16).toString('hex')}`, now = Date.now } = options;
  const sender = options.webhooks === undefined ? null : new WebhookSender(options.webhooks, now);
  const disk = openDisk(options);
  const store = new ObjectStore(disk, now, (file) => sender?.announce(file));
  const dialects = createDialects(options, { apiKey, disk, store, now });
  const faults = new FaultLayer(now);
  const log = new RequestLog();

  const setFaults = (script?: FaultScript | readonly FaultRule[]) => faults.set(parseFaultScript(script));
  const clearFiles = async () => {
    await Promise.all(dialects.map((dialect) => dialect.clear()));
    await store.clear();
  };
  const adminRoutes = createAdminRoutes({ store, log, clearFiles, readFaults: () => faults.script, setFaults });
  const server = new RequestServer({
    routes: [...dialects, adminRoutes].flatMap(({ routes }) => routes),
    apiKey,
    faults,
    log,
  });
  setFaults(options.faults);

  return {
    apiKey,
    dataDir: disk.root,
    listener: (request, response) => server.serve(request, response),
    handlesPath: (path) => server.handlesPath(path),
    faults: setFaults,
    files: () => store.list(),
    log: () => log.list(),
    webhooks: () => sender?.list() ?? [],
    clear: async () => {
      setFaults();
      await clearFiles();
      sender?.clear();
      log.clear();
    },
    close: async () => {
      await server.close();
      await Promise.all(dialects.map((dialect) => dialect.close?.()));
      await sender?.close();
      if (options.dataDir === undefined) await rm(disk.root, { recursive: true, force: true });
    },
  };
};
