import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isTerminal, transition, type UploadEvent, type UploadState } from '../../../src/engine/upload/upload-state.js';

const result = { fileId: 'f', response: null };
const error = { code: 'network', message: '', retriable: true } as const;

const EVENTS: readonly UploadEvent[] = [
  { type: 'admit' },
  { type: 'opened' },
  { type: 'sent' },
  { type: 'start-over' },
  { type: 'wait', reason: 'backoff', resumesAt: 5 },
  { type: 'proceed' },
  { type: 'pause', reason: 'user' },
  { type: 'resume' },
  { type: 'stored', result },
  { type: 'fail', error },
  { type: 'restart' },
  { type: 'cancel' },
];

const waitingFrom = (from: Extract<UploadState, { kind: 'waiting' }>['from']): UploadState => ({
  kind: 'waiting',
  reason: 'offline',
  resumesAt: null,
  from,
});

const STATES: Readonly<Record<string, UploadState>> = {
  queued: { kind: 'queued' },
  preparing: { kind: 'preparing' },
  uploading: { kind: 'uploading' },
  finishing: { kind: 'finishing' },
  'waiting queued': waitingFrom('queued'),
  'waiting uploading': waitingFrom('uploading'),
  'waiting finishing': waitingFrom('finishing'),
  paused: { kind: 'paused', reason: 'user' },
  done: { kind: 'done', result },
  failed: { kind: 'failed', error },
  canceled: { kind: 'canceled' },
};

/** What each event leads to; what is missing changes nothing. */
const TABLE: Readonly<Record<string, Readonly<Partial<Record<UploadEvent['type'], UploadState['kind']>>>>> = {
  queued: { admit: 'preparing', wait: 'waiting', pause: 'paused', cancel: 'canceled' },
  preparing: {
    opened: 'uploading',
    'start-over': 'preparing',
    wait: 'waiting',
    pause: 'paused',
    fail: 'failed',
    cancel: 'canceled',
  },
  uploading: {
    sent: 'finishing',
    'start-over': 'preparing',
    wait: 'waiting',
    pause: 'paused',
    fail: 'failed',
    cancel: 'canceled',
  },
  finishing: { 'start-over': 'preparing', wait: 'waiting', stored: 'done', fail: 'failed', cancel: 'canceled' },
  'waiting queued': { wait: 'waiting', proceed: 'queued', pause: 'paused', fail: 'failed', cancel: 'canceled' },
  'waiting uploading': { wait: 'waiting', proceed: 'uploading', pause: 'paused', fail: 'failed', cancel: 'canceled' },
  'waiting finishing': { wait: 'waiting', proceed: 'finishing', pause: 'paused', fail: 'failed', cancel: 'canceled' },
  paused: { pause: 'paused', resume: 'queued', cancel: 'canceled' },
  done: {},
  failed: { restart: 'queued' },
  canceled: { restart: 'queued' },
};

describe('transition', () => {
  for (const [name, state] of Object.entries(STATES)) {
    it(`allows in \`${name}\` what the table says and nothing else`, () => {
      for (const event of EVENTS) {
        const next = transition(state, event);
        const expected = TABLE[name]?.[event.type];

        if (expected === undefined) assert.equal(next, state, `${event.type} must change nothing`);
        else {
          assert.equal(next.kind, expected, event.type);
          assert.notEqual(next, state, `${event.type} must give a new state`);
        }
      }
    });
  }

  it('leaves an end only by a restart, and done never, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (events) => {
        let state: UploadState = { kind: 'queued' };
        for (const event of events) {
          const next = transition(state, event);
          if (isTerminal(state.kind) && next !== state) {
            assert.notEqual(state.kind, 'done');
            assert.deepEqual([event.type, next.kind], ['restart', 'queued']);
          }
          state = next;
        }
      }),
    );
  });

  it('comes back from a wait to where it was, however often the reason changes', () => {
    const waits: UploadEvent[] = [
      { type: 'wait', reason: 'offline', resumesAt: null },
      { type: 'wait', reason: 'throttled', resumesAt: 9 },
    ];
    const waiting = waits.reduce(transition, { kind: 'finishing' });

    assert.deepEqual(waiting, { kind: 'waiting', reason: 'throttled', resumesAt: 9, from: 'finishing' });
    assert.deepEqual(transition(waiting, { type: 'proceed' }), { kind: 'finishing' });
  });
});
