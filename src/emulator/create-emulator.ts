/**
 * The emulator without a port: a listener to mount in a server of one's own. It joins the parts that know nothing of each
 * other: dialects (one folder each) say what requests mean, the store keeps the bytes, the fault layer spoils what it is
 * told to, the log remembers. A further dialect is one more entry in `dialects`.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChunkedDialect } from './chunked/chunked-dialect.js';
import { Disk } from './disk/disk.js';
import { ObjectStore, type StoredFile } from './disk/object-store.js';
import { createDoors } from './doors/doors.js';
import { FaultLayer } from './faults/fault-layer.js';
import type { FaultRule, FaultScript } from './faults/fault-script.js';
import { parseFaultScript } from './faults/parse-fault-script.js';
import { createWorkspaceCheck } from './http/file-request.js';
import { type LogEntry, RequestLog } from './http/request-log.js';
import { RequestServer } from './http/request-server.js';
import { DEFAULT_PART_RULES, DEFAULT_SESSION_TTL_MS, type EmulatorOptions } from './options.js';
import { createPresignedDialect } from './presigned/presigned-dialect.js';

/** What an emulator offers, mounted or listening. */
export interface EmulatorControls {
  /** The key that `/v1/*` demands. */
  readonly apiKey: string;
  readonly dataDir: string;
  /** Replaces the fault script; nothing, `[]` or `{}` clears it. @throws Error that names what is wrong in it. */
  faults(script?: FaultScript | readonly FaultRule[]): void;
  /** What is stored, in order of storing. */
  files(): StoredFile[];
  /** Requests seen, in order of arrival; the last 100,000. */
  log(): LogEntry[];
  /** Forgets files, sessions, grants, faults and log. */
  clear(): Promise<void>;
  /** Cuts what is running; removes the folder if it was a temporary one. */
  close(): Promise<void>;
}

export interface MountedEmulator extends EmulatorControls {
  /** Answers the request, or returns false and leaves it alone when the path is not the emulator's. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Whether the path (`/v1/…`, `/storage/…`, `/emulator/…`) is the emulator's. */
  readonly handlesPath: (path: string) => boolean;
}

/** The origin under which the request came in. */
const originOf = (request: IncomingMessage): string =>
  `http://${request.headers.host ?? `127.0.0.1:${request.socket.localPort}`}`;

const openDisk = ({ dataDir, capacityBytes }: EmulatorOptions): Disk => {
  const root = dataDir ?? mkdtempSync(join(tmpdir(), 'fastio-emulator-'));
  mkdirSync(root, { recursive: true });
  return new Disk(root, capacityBytes ?? Number.POSITIVE_INFINITY);
};

const createDialects = (options: EmulatorOptions, disk: Disk, store: ObjectStore, now: () => number) => {
  const { publicOrigin = originOf } = options;
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
      sessionTtlMs: options.sessionTtlMs ?? DEFAULT_SESSION_TTL_MS,
      allowsCors: options.chunkedCors ?? true,
    }),
  ];
};

export const createEmulator = (options: EmulatorOptions = {}): MountedEmulator => {
  const { apiKey = `key_${randomBytes(16).toString('hex')}`, now = Date.now } = options;
  const disk = openDisk(options);
  const store = new ObjectStore(disk, now);
  const dialects = createDialects(options, disk, store, now);
  const faults = new FaultLayer(now);
  const log = new RequestLog();

  const setFaults = (script?: FaultScript | readonly FaultRule[]) => faults.set(parseFaultScript(script));
  const clearFiles = async () => {
    await Promise.all(dialects.map((dialect) => dialect.clear()));
    await store.clear();
  };
  const doors = createDoors({ store, log, clearFiles, readFaults: () => faults.script, setFaults });
  const server = new RequestServer({
    routes: [...dialects, doors].flatMap(({ routes }) => routes),
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
    clear: async () => {
      setFaults();
      await clearFiles();
      log.clear();
    },
    close: async () => {
      await server.close();
      if (options.dataDir === undefined) await rm(disk.root, { recursive: true, force: true });
    },
  };
};
