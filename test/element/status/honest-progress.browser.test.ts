import { expect, html } from '@open-wc/testing';
import type { UploadSnapshot } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, textOf } from '../support.js';

const size = 1_000_000;

const bindUploading = async (facts: Partial<UploadSnapshot> = {}): Promise<Bound> => {
  const bound = await bind();
  bound.engine.show(snapshot({ id: 'one', size, state: 'uploading', ...facts }));
  await bound.element.updateComplete;
  return bound;
};

/** Per cent that the bar shows as sent: it is moved back by what is missing. */
const filled = ({ element }: Bound): number =>
  100 + Number(/^translateX\((.*)%\)$/.exec(find(element, 'li .sent').style.transform)?.[1]);

const seen = (bound: Bound) => ({ bar: filled(bound), words: textOf(find(bound.element, 'li .status')) });

describe('progress', () => {
  it('does not go back when a part is sent again', async () => {
    const bound = await bindUploading({ sentBytes: 500_000, ratio: 0.5 });
    const before = seen(bound);
    bound.engine.change('one', { sentBytes: 200_000 });
    await bound.element.updateComplete;
    expect(seen(bound)).to.deep.equal(before);
    expect(before.words).to.equal('450 kB of 1 MB');
  });

  it('has no speed and no remaining time while the browser is offline, which the line about all files says', async () => {
    const offline = "You're offline. We'll continue when you're back";
    const moving = { bytesPerSecond: 18e6, remainingMs: 60_000 };
    const bound = await bindUploading({ sentBytes: 500_000, ...moving });
    bound.engine.show(...bound.engine.uploads, snapshot({ size, state: 'waiting', reason: 'offline' }));
    await bound.element.updateComplete;
    const rows = findAll(bound.element, 'li .status').map(textOf);
    expect(rows).to.deep.equal(['Waiting · 450 kB of 1 MB', 'Waiting · 0 bytes of 1 MB']);
    const bar = find(bound.element, '[data-id=one] .bar');
    expect(bar.ariaValueText?.replaceAll('\u00a0', ' '), 'aloud').to.equal(rows[0]);
    expect(textOf(find(bound.element, '.summary-text'))).to.equal(`0 of 2 uploaded ${offline} · 450 kB of 2 MB`);
    const bars = [find(bound.element, '.bar.total'), find(bound.element, '[data-id=one] .bar')];
    expect(bars.map((bar) => bar.matches('.paused, .waiting'))).to.deep.equal([true, true]);
    expect(find(bound.element, '[data-action=pause-all]').className).to.equal('quiet');
  });

  it('says in the row of a single file why it waits', async () => {
    const { element, engine } = await bind(html`<fastio-upload></fastio-upload>`);
    engine.show(snapshot({ size, state: 'waiting', reason: 'offline' }));
    await element.updateComplete;
    expect(findAll(element, '.summary')).to.deep.equal([]);
    expect(textOf(find(element, 'li .status'))).to.contain("You're offline. We'll continue when you're back");
  });

  it('is never full before the file is stored', async () => {
    const bound = await bindUploading({ sentBytes: size, confirmedBytes: size, ratio: 0.999 });
    expect(seen(bound).bar).to.equal(99);
    expect(find(bound.element, 'li [role=progressbar]').getAttribute('aria-valuenow')).to.equal('99');
  });

  for (const [dir, side] of [
    ['ltr', 'left'],
    ['rtl', 'right'],
  ] as const) {
    it(`fills the bar from the ${side} in text from there`, async () => {
      const { element, engine } = await bind(html`<div dir=${dir}><fastio-upload></fastio-upload></div>`);
      engine.show(snapshot({ size, state: 'uploading', sentBytes: size / 4, confirmedBytes: size / 4, ratio: 0.25 }));
      await element.updateComplete;
      const share = find(element, 'li .confirmed');
      for (const animation of share.getAnimations()) animation.finish();
      const bar = find(element, 'li .bar').getBoundingClientRect();
      const shown = share.getBoundingClientRect();
      const width = side === 'left' ? shown.right - bar.left : bar.right - shown.left;
      expect(width / bar.width).to.be.closeTo(0.25, 0.01);
    });
  }

  it('has a phase after the bytes, without a number', async () => {
    const bound = await bindUploading({ state: 'finishing', sentBytes: size, confirmedBytes: size, ratio: 0.999 });
    const bar = find(bound.element, 'li [role=progressbar]');
    expect([bar.hasAttribute('aria-valuenow'), bar.getAttribute('aria-valuetext')]).to.deep.equal([
      false,
      'Finishing… · 1\u00a0MB',
    ]);
  });
});

describe('the speed of bytes that stand still', () => {
  const { now } = performance;
  const { setTimeout: later } = window;
  afterEach(() => Object.assign(window, { setTimeout: later }) && Object.assign(performance, { now }));

  /** Lets seconds pass for the element: its clock is ahead, and what it planned for then comes now. */
  const pass = (seconds: number): void => {
    performance.now = () => now.call(performance) + seconds * 1000;
  };
  const planSoon = (): void => {
    const soon = (act: () => void, ms = 0) => later(act, ms > 5_000 && ms < 6_000 ? 10 : ms);
    Object.assign(window, { setTimeout: soon });
  };

  const speed = ({ element }: Bound): string =>
    textOf(find(element, element.list === 'summary' ? '[part=summary-detail]' : 'li .status'));

  it('is hidden, and shown when they move again', async () => {
    planSoon();
    const moving = { sentBytes: 400_000, ratio: 0.4, bytesPerSecond: 70_000, remainingMs: 9_000 };
    const bound = await bindUploading(moving);
    const summary = await bindUploading(moving);
    summary.element.list = 'summary';
    await summary.element.updateComplete;
    expect([speed(bound), speed(summary)]).to.deep.equal([
      '360 kB of 1 MB · 70 kB/s · 10 s left',
      '360 kB of 1 MB · 70 kB/s · about 15 s left',
    ]);
    pass(6);
    const still = '360 kB of 1 MB';
    await until(() => speed(bound) === still && speed(summary) === still, 'no speed is told');
    bound.engine.change('one', { ...moving, sentBytes: 500_000, ratio: 0.5 });
    await bound.element.updateComplete;
    expect(speed(bound)).to.equal('450 kB of 1 MB · 70 kB/s · 10 s left');
  });
});

describe('progress in a sandboxed frame', () => {
  it('is shown, although the frame may not ask for a service worker', async () => {
    const get = () => {
      throw new DOMException('the document is sandboxed', 'SecurityError');
    };
    Object.defineProperty(navigator, 'serviceWorker', { get, configurable: true });
    try {
      const bound = await bindUploading({ sentBytes: 250_000, confirmedBytes: 250_000, ratio: 0.25 });
      expect(seen(bound)).to.deep.equal({ bar: 25, words: '250 kB of 1 MB' });
      expect((await bound.element.diagnose()).map(({ code }) => code)).to.deep.equal(['endpoint-missing']);
    } finally {
      Reflect.deleteProperty(navigator, 'serviceWorker');
    }
  });
});

describe('progress on a page whose service worker hides it', () => {
  let registration: ServiceWorkerRegistration;

  before(async () => {
    registration = await navigator.serviceWorker.register('/__relay-service-worker.js', { scope: '/' });
    await until(() => navigator.serviceWorker.controller !== null, 'the worker controls the page');
  });

  after(() => registration.unregister());

  it('shows that bytes are moving, and no unknown number', async () => {
    const bound = await bindUploading();
    expect(seen(bound).words).to.equal('Uploading… · 1 MB');
    expect(find(bound.element, 'li [role=progressbar]').hasAttribute('aria-valuenow')).to.equal(false);
  });

  it('shows what is confirmed', async () => {
    const bound = await bindUploading({ sentBytes: 250_000, confirmedBytes: 250_000, ratio: 0.25 });
    expect(seen(bound)).to.deep.equal({ bar: 25, words: '250 kB of 1 MB' });
  });

  it('trusts the browser once it has reported bytes', async () => {
    const bound = await bindUploading({ sentBytes: 100_000 });
    const [upload] = bound.engine.uploads;
    if (upload) bound.engine.emit('upload-progress', { upload });
    bound.engine.change('one', { sentBytes: 0 });
    await bound.element.updateComplete;
    expect(seen(bound).words).to.equal('0 bytes of 1 MB');
  });
});
