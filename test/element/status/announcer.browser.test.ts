import { expect, html } from '@open-wc/testing';
import { Localizer } from '../../../src/element/language/localizer.js';
import { Announcer } from '../../../src/element/status/announcer.js';
import { ENGLISH } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { errorOf, FakeEngine, snapshot } from '../fake-engine.js';
import { bind, fileNamed, find, findAll, textOf } from '../support.js';

interface Spoken {
  readonly at: number;
  readonly message: string;
}

/** Timers and clock of the page, moved by hand. */
class PageClock {
  #now = 0;
  #timers: { readonly id: number; readonly at: number; readonly act: () => void }[] = [];
  readonly #real = { setTimeout: window.setTimeout, clearTimeout: window.clearTimeout, now: performance.now };

  get now(): number {
    return this.#now;
  }

  take(): void {
    let made = 0;
    performance.now = () => this.#now;
    window.setTimeout = ((act: () => void, ms = 0) => {
      made += 1;
      this.#timers.push({ id: made, at: this.#now + ms, act });
      return made;
    }) as typeof setTimeout;
    window.clearTimeout = (id) => {
      this.#timers = this.#timers.filter((timer) => timer.id !== id);
    };
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.act();
    }
    this.#now = end;
  }

  giveBack(): void {
    window.setTimeout = this.#real.setTimeout;
    window.clearTimeout = this.#real.clearTimeout;
    performance.now = this.#real.now;
  }
}

const clock = new PageClock();

const listen = () => {
  const engine = new FakeEngine();
  const spoken: Spoken[] = [];
  const announcer = new Announcer({
    texts: () => new Localizer({}, '', ENGLISH),
    progress: () => engine.progress,
    onMessage: () => spoken.push({ at: clock.now, message: announcer.message }),
  });
  for (const name of ['upload-added', 'upload-complete', 'upload-failed', 'upload-state', 'queue-complete'] as const) {
    engine.addEventListener(name, (event) => announcer.hear(name, event));
  }
  return { engine, announcer, spoken };
};

describe('announcements', () => {
  before(() => clock.take());
  after(() => clock.giveBack());

  it('come at most every five seconds while 200 files are uploaded, and are right at the end', () => {
    const { engine, announcer, spoken } = listen();
    const uploads = Array.from({ length: 200 }, (_, index) => snapshot({ id: `id-${index}`, size: 1e6 }));
    engine.show(...uploads);
    for (const { id } of uploads) {
      clock.advance(300);
      engine.change(id, id === 'id-7' ? { state: 'failed' } : { state: 'done', fileId: id, ratio: 1 });
      const upload = engine.uploads.find((other) => other.id === id) ?? uploads[0];
      if (upload?.state === 'done') engine.emit('upload-complete', { upload, fileId: id, result: null });
      announcer.follow(engine.progress);
    }
    engine.emit('queue-complete', { completed: [], failed: [], canceled: [] });
    clock.advance(10_000);
    const gaps = spoken.slice(1).map(({ at }, index) => at - (spoken[index]?.at ?? 0));
    expect(Math.min(...gaps)).to.be.at.least(5_000);
    expect(spoken.length).to.be.within(5, 15);
    expect(spoken[0]?.message).to.equal('200 files added.');
    expect(spoken.at(-1)?.message).to.equal('199 files uploaded. 1 file failed.');
  });

  it('report a long file in quarters', () => {
    const { engine, announcer, spoken } = listen();
    engine.show(snapshot({ id: 'film', size: 1e9, state: 'uploading' }));
    for (let percent = 0; percent < 100; percent += 1) {
      clock.advance(1_000);
      engine.change('film', { sentBytes: percent * 1e7, confirmedBytes: percent * 1e7, ratio: percent / 100 });
      announcer.follow(engine.progress);
    }
    clock.advance(10_000);
    expect(spoken.map(({ message }) => message)).to.deep.equal([
      '1 file added.',
      '25% uploaded.',
      '50% uploaded.',
      '75% uploaded.',
    ]);
  });
});

describe('an announcement', () => {
  it('is one message for events that happen together', async () => {
    const { element, engine } = await bind();
    const region = find(element, '[role=status]');
    const spoken = new Set<string>();
    const observer = new MutationObserver(() => spoken.add(textOf(region)));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    const uploads = Array.from({ length: 200 }, (_, index) => snapshot({ id: `id-${index}` }));
    engine.show(...uploads);
    await until(() => textOf(region) !== '');
    for (const { id } of uploads) engine.change(id, { state: 'done', fileId: id });
    await element.updateComplete;
    observer.disconnect();
    expect([...spoken]).to.deep.equal(['200 files added.']);
  });

  it('counts what is uploaded and what has failed at the end', async () => {
    const { element, engine } = await bind();
    const stored = snapshot({ state: 'done' });
    engine.uploads = [stored, snapshot({ state: 'failed' })];
    engine.emit('upload-complete', { upload: stored, fileId: 'x', result: null });
    engine.emit('queue-complete', { completed: [stored], failed: [], canceled: [] });
    await until(() => textOf(find(element, '[role=status]')) === '1 file uploaded. 1 file failed.');
  });

  it('is immediate for what stops all uploads until the user acts, and made once', async () => {
    const { element, engine } = await bind();
    const region = find(element, '.spoken[role=alert]');
    const spoken: string[] = [];
    const observer = new MutationObserver(() => spoken.push(textOf(region)));
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    engine.show(...['a', 'b', 'c'].map((id) => snapshot({ id, state: 'uploading' })));
    await until(() => textOf(find(element, '[role=status]')) === '3 files added.');
    for (const id of ['a', 'b', 'c']) {
      engine.change(id, { state: 'paused', reason: 'needs-sign-in' });
      await element.updateComplete;
    }
    expect(textOf(find(element, '[role=status]'))).to.equal('3 files added.');
    for (const id of ['a', 'b', 'c']) engine.change(id, { state: 'uploading', reason: null });
    await element.updateComplete;
    for (const id of ['a', 'b', 'c']) {
      engine.change(id, { state: 'failed', error: errorOf('payment-required') });
      await element.updateComplete;
    }
    observer.disconnect();
    expect(spoken).to.deep.equal([
      "You've been signed out. Sign in to continue",
      '',
      "This site's storage is full. Please contact support.",
    ]);
  });

  it('does not interrupt for a single failed file', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ state: 'failed', error: errorOf('too-large') }));
    await element.updateComplete;
    expect(findAll(element, '[role=alert]').map(textOf)).to.deep.equal(['', '']);
  });

  it('names up to three failed uploads, and counts more', async () => {
    const { element, engine } = await bind();
    const fail = (...names: readonly string[]) => {
      const uploads = names.map((name) => snapshot({ name, state: 'failed', error: errorOf('network') }));
      engine.uploads = [...engine.uploads, ...uploads];
      for (const upload of uploads) engine.emit('upload-failed', { upload, error: errorOf('network') });
    };
    const region = () => textOf(find(element, '[role=status]'));
    engine.uploads = [snapshot({ state: 'uploading' })];
    fail('a.mov', 'b.mov');
    await until(() => region() === '\u200ea.mov and b.mov failed.', 'two are named');
    fail('c.mov', 'd.mov');
    await until(() => region() === '4 files failed.', 'four are counted');
  });

  it('reports what was canceled and what was removed, each once', async () => {
    const { element, engine } = await bind();
    const uploads = ['a', 'b', 'c'].map((id) => snapshot({ id, state: 'canceled' }));
    engine.uploads = uploads;
    for (const upload of uploads) engine.emit('upload-canceled', { upload });
    const [first] = uploads;
    if (first) engine.emit('upload-removed', { upload: first });
    await until(
      () => textOf(find(element, '[role=status]')) === '2 uploads canceled. 1 file removed from the list.',
      'it is said',
    );
  });
});

describe('messages about refused files', () => {
  it('close with Escape, which then does nothing else', async () => {
    const { element, engine } = await bind(html`<div><fastio-upload accept=".pdf"></fastio-upload></div>`);
    engine.refuse(fileNamed('a.exe'));
    await element.updateComplete;
    const press = () => {
      const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, composed: true, cancelable: true });
      find(element, '.choose').dispatchEvent(event);
      return event;
    };
    expect(findAll(element, '.notice')).to.have.length(1);
    expect(press().defaultPrevented).to.equal(true);
    await element.updateComplete;
    expect(findAll(element, '.notice')).to.have.length(0);
    expect(press().defaultPrevented, 'a dialog around it may close').to.equal(false);
  });

  it('name the page as the cause where a limit cannot be read', async () => {
    const { element, engine } = await bind(html`<fastio-upload max-files="two"></fastio-upload>`);
    engine.refuse(fileNamed('a.txt'));
    await element.updateComplete;
    expect(textOf(find(element, '.notice'))).to.equal("Uploads aren't working here right now. Please contact support.");
  });
});
