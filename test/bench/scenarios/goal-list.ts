/** Loads, lines and what is asked of them. */

import type { Entry } from '../support/lab.js';
import { cutLine, overHttp2, PROFILES, type Profile } from '../support/profile.js';
import type { Load } from '../support/send.js';

export interface Goal {
  /** How the load is sent; its size is told beside it. */
  readonly title: string;
  readonly line: Profile;
  readonly load: Load;
  /** In place of load and line with `--quick`. */
  readonly quick: { readonly load: Load; readonly line?: Profile };
  /** Hand-written loops; the fastest is the floor. Empty where the floor is size divided by rate. */
  readonly floors: readonly Entry[];
  readonly ours: Entry;
  /** Shown beside ours; a reference among them is no peer. */
  readonly peers: readonly Entry[];
  /** Most time, as a multiple of the floor's. */
  readonly atMost: number;
  /** Most bytes sent, as a multiple of the load's. */
  readonly sentAtMost?: number;
  /** One run is enough where the line decides, and takes long. @default false */
  readonly once?: boolean;
  /** It takes minutes and next to no processor, so it runs beside the others. @default false */
  readonly isAside?: boolean;
}

const reference = (variant: string, title: string): Entry => ({ id: variant, title, page: 'reference', variant });

const ours = (variant: string): Entry => ({
  id: variant,
  title: `fastio-upload ${variant}`,
  page: 'fastio-engine',
  variant,
});

const RAW = reference('whole', 'one raw PUT');
const EQUAL = reference('session-equal', 'session of six equal slices');
const EIGHT = reference('session-8', 'session of slices of 8 MiB, six at a time');
const SIGNED_EQUAL = reference('signed-equal', 'six equal slices by signed URLs');
const SIGNED_EIGHT = reference('signed-8', 'slices of 8 MiB by signed URLs, six at a time');
const WORKERS = reference('workers', 'six workers that have all URLs');
const WORKERS_24 = reference('workers-24', '24 workers that have all URLs');
const WORKERS_EACH = reference('workers-each', 'six workers that ask and send');

const UPPY: Entry = { id: 'uppy-6', title: 'Uppy 6', page: 'uppy-6', variant: '' };
const UPPY_PARTS: Entry = { id: 'uppy-6', title: 'Uppy 6 multipart', page: 'uppy-6', variant: 'multipart' };
const TUS: Entry = { id: 'tus', title: 'tus-js-client', page: 'tus', variant: '' };
const TUS_6: Entry = { id: 'tus-6', title: 'tus-js-client, six in parallel', page: 'tus', variant: 'parallel' };

const file = (mebibytes: number): Load => ({ count: 1, size: mebibytes * 2 ** 20 });
const SMALL: Load = { count: 500, size: 20_000 };
const FEW_SMALL = { load: { count: 100, size: 20_000 } };

/** One large file on a line that lasts. */
const LARGE: readonly Goal[] = [
  {
    title: 'in parts',
    line: PROFILES.capped,
    load: file(128),
    quick: { load: file(32) },
    floors: [EQUAL, EIGHT],
    ours: ours('chunked'),
    peers: [TUS_6, UPPY_PARTS],
    atMost: 1.08,
  },
  {
    title: 'in parts by signed URLs',
    line: PROFILES.capped,
    load: file(128),
    quick: { load: file(32) },
    floors: [SIGNED_EQUAL, SIGNED_EIGHT],
    ours: ours('multipart'),
    peers: [UPPY_PARTS],
    atMost: 1.08,
  },
  {
    title: 'in one PUT',
    line: PROFILES.capped,
    load: file(128),
    quick: { load: file(16) },
    floors: [RAW],
    ours: ours('presigned'),
    peers: [UPPY],
    atMost: 1.03,
    once: true,
  },
  {
    title: 'in one PUT',
    line: PROFILES.P0,
    load: file(1024),
    quick: { load: file(128) },
    floors: [RAW],
    ours: ours('presigned'),
    peers: [],
    atMost: 1.05,
  },
  {
    title: 'in parts',
    line: PROFILES.P0,
    load: file(1024),
    quick: { load: file(128) },
    floors: [EQUAL, EIGHT],
    ours: ours('chunked'),
    peers: [TUS_6],
    atMost: 1.1,
  },
  {
    title: 'in parts',
    line: PROFILES.far,
    load: file(64),
    quick: { load: file(16) },
    floors: [EQUAL, EIGHT],
    ours: ours('chunked'),
    peers: [TUS_6],
    atMost: 1.1,
  },
];

const MANY: readonly Goal[] = [
  {
    title: 'grants in batches',
    line: PROFILES.near,
    load: SMALL,
    quick: FEW_SMALL,
    floors: [WORKERS],
    ours: ours('presigned'),
    peers: [UPPY, TUS],
    atMost: 1.05,
  },
  {
    title: 'grants in batches',
    line: overHttp2(PROFILES.near),
    load: SMALL,
    quick: FEW_SMALL,
    floors: [WORKERS],
    ours: ours('presigned'),
    peers: [WORKERS_24, UPPY, TUS],
    atMost: 0.4,
  },
  {
    title: 'one grant a file',
    line: PROFILES.near,
    load: SMALL,
    quick: FEW_SMALL,
    floors: [WORKERS_EACH],
    ours: ours('each'),
    peers: [],
    atMost: 1.05,
  },
];

/** Parts on lines that break: no loop of the field gets through, so the floor is the line itself. */
const onCutLine = (
  [mebibytes, line]: readonly [number, Profile],
  [quickMebibytes, quickLine]: readonly [number, Profile],
  [atMost, sentAtMost]: readonly [number, number],
): Goal => ({
  title: 'in parts',
  line,
  load: file(mebibytes),
  quick: { load: file(quickMebibytes), line: quickLine },
  floors: [],
  ours: ours('chunked'),
  peers: [],
  atMost,
  sentAtMost,
  once: true,
  isAside: true,
});

const BREAKING: readonly Goal[] = [
  onCutLine([20, cutLine(2, 20)], [5, cutLine(8, 2)], [1.5, 1.5]),
  onCutLine([100, cutLine(4, 60)], [16, cutLine(8, 10)], [1.25, 1.15]),
  onCutLine([100, cutLine(1, 60)], [8, cutLine(4, 10)], [1.5, 1.5]),
];

export const GOALS: readonly Goal[] = [...LARGE, ...MANY, ...BREAKING];
