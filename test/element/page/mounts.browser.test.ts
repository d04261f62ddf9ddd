import { expect } from '@open-wc/testing';
import '../../../src/define.js';
import type { FastioUpload } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { fileNamed, nextTask } from '../support.js';

const MOUNTS = 300;

/** What the page holds because of the elements: each count goes up when something is taken and down when it is given back. */
class Held {
  readonly counts: Record<string, number> = { listeners: 0, channels: 0, connections: 0 };
  readonly #undo: (() => void)[] = [];

  constructor() {
    this.#watchListeners();
    this.#watchChannels();
    this.#watchConnections();
  }

  release(): void {
    for (const undo of this.#undo) undo();
  }

  #count(name: string, by: number): void {
    this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  /** On what outlives an element: the window, the document, and the objects of the platform. */
  #watchListeners(): void {
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const count = (by: number) => this.#count('listeners', by);
    const outlives = (target: EventTarget | undefined): boolean =>
      target === undefined || target === window || !(target instanceof Node || target instanceof AbortSignal)
        ? target === undefined ||
          target === window ||
          target instanceof MediaQueryList ||
          target instanceof BroadcastChannel
        : target === document || target === document.documentElement || target === document.body;
    EventTarget.prototype.addEventListener = function (this: EventTarget, type, listener, options) {
      if (outlives(this)) {
        count(1);
        const signal = typeof options === 'object' ? options.signal : undefined;
        if (signal) addEventListener.call(signal, 'abort', () => count(-1), { once: true });
      }
      addEventListener.call(this, type, listener, options);
    };
    EventTarget.prototype.removeEventListener = function (this: EventTarget, type, listener, options) {
      if (outlives(this)) count(-1);
      removeEventListener.call(this, type, listener, options);
    };
    this.#undo.push(() => Object.assign(EventTarget.prototype, { addEventListener, removeEventListener }));
  }

  #watchChannels(): void {
    const { BroadcastChannel: Original } = globalThis;
    const count = (by: number) => this.#count('channels', by);
    globalThis.BroadcastChannel = class extends Original {
      constructor(name: string) {
        super(name);
        count(1);
      }

      override close(): void {
        count(-1);
        super.close();
      }
    };
    this.#undo.push(() => Object.assign(globalThis, { BroadcastChannel: Original }));
  }

  #watchConnections(): void {
    const { open } = IDBFactory.prototype;
    const { close } = IDBDatabase.prototype;
    const count = (by: number) => this.#count('connections', by);
    IDBFactory.prototype.open = function (...args) {
      const request = open.apply(this, args);
      request.onsuccess ??= null;
      EventTarget.prototype.addEventListener.call(request, 'success', () => count(1));
      return request;
    };
    IDBDatabase.prototype.close = function () {
      count(-1);
      close.call(this);
    };
    this.#undo.push(() => {
      IDBFactory.prototype.open = open;
      IDBDatabase.prototype.close = close;
    });
  }
}

const mountOnce = async (withFile: boolean): Promise<void> => {
  const element = document.createElement('fastio-upload');
  Object.assign(element, {
    endpoint: '/nothing-here',
    protocol: 'presigned',
    pageDrop: true,
    paste: true,
    noAuto: true,
  });
  document.body.append(element);
  await element.updateComplete;
  if (withFile) {
    const [upload] = element.addFiles([fileNamed('a.txt')]);
    await element.updateComplete;
    element.remove(upload?.id ?? '');
  }
  element.remove();
  await nextTask();
};

describe('300 mounts', () => {
  for (const withFile of [false, true]) {
    it(`leave nothing in the page ${withFile ? 'after a file was added and removed' : 'without files'}`, async () => {
      await mountOnce(withFile);
      const held = new Held();
      try {
        for (let mount = 0; mount < MOUNTS; mount += 1) await mountOnce(withFile);
        const { counts } = held;
        await until(() => Object.values(counts).every((count) => count <= 0)).catch(() => {});
        expect(Math.max(...Object.values(counts)), JSON.stringify(counts)).to.be.at.most(0);
      } finally {
        held.release();
      }
    });
  }
});

/** Lets what others ask of the database wait. @returns what ends that */
const holdDatabase = async (): Promise<() => void> => {
  const request = indexedDB.open('fastio-upload');
  await new Promise((resolve) => request.addEventListener('success', resolve));
  const [table = ''] = request.result.objectStoreNames;
  const records = request.result.transaction(table, 'readwrite').objectStore(table);
  let isHeld = true;
  const keep = () => {
    if (isHeld) records.count().onsuccess = keep;
  };
  keep();
  return () => {
    isHeld = false;
    request.result.close();
  };
};

describe('an engine that a second element adopts while it looks for records', () => {
  it('closes its channel when that element is gone before it has found them', async () => {
    const mount = async (): Promise<FastioUpload> => {
      const element = document.createElement('fastio-upload');
      Object.assign(element, { endpoint: '/nothing-here', protocol: 'presigned', name: 'two-mounts' });
      document.body.append(element);
      await element.updateComplete;
      return element;
    };
    const first = await mount();
    await first.engine.restore();
    first.remove();
    await nextTask();
    const letGo = await holdDatabase();
    const held = new Held();
    try {
      const second = await mount();
      const { engine } = second;
      second.remove();
      const third = await mount();
      expect(third.engine).to.equal(engine);
      third.remove();
      await until(() => held.counts.channels === 1, 'it listens');
      await nextTask();
      letGo();
      await until(() => held.counts.channels === 0, 'it is closed');
    } finally {
      letGo();
      held.release();
    }
  });
});

describe('twenty elements of a page', () => {
  it('share one connection to the database', async () => {
    const held = new Held();
    const elements = Array.from({ length: 20 }, (_, index) => {
      const element = document.createElement('fastio-upload');
      return Object.assign(element, { endpoint: `/nothing-${index}`, protocol: 'presigned' });
    });
    try {
      document.body.append(...elements);
      await Promise.all(elements.map(({ updateComplete }) => updateComplete));
      // Resolves only after what the elements have asked before.
      await Promise.all(elements.map(({ engine }) => engine.restore()));
      // None where an earlier test's is still open.
      const { connections } = held.counts;
      expect(connections).to.be.at.most(1);
    } finally {
      held.release();
      for (const element of elements) element.remove();
    }
  });
});
