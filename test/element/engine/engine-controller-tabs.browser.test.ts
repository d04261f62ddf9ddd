import { expect } from '@open-wc/testing';
import { UploadEngine } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { heldBack, mount, sending } from '../real-uploads.js';
import { nextTask } from '../support.js';

describe('the channel between tabs', () => {
  const { addEventListener } = BroadcastChannel.prototype;

  let signals: AbortSignal[];

  const listening = () => signals.filter(({ aborted }) => !aborted).length;

  beforeEach(() => {
    signals = [];
    BroadcastChannel.prototype.addEventListener = function (
      this: BroadcastChannel,
      ...args: Parameters<typeof addEventListener>
    ) {
      const [, , options] = args;
      if (typeof options === 'object' && options.signal) signals.push(options.signal);
      addEventListener.apply(this, args);
    };
  });

  afterEach(() => {
    BroadcastChannel.prototype.addEventListener = addEventListener;
  });

  it('is used by an element in the document, and by none that was removed', async () => {
    const element = await mount(heldBack('heard').element);
    // What uses the channel is loaded once an engine starts.
    await until(() => listening() === 1, 'it listens');
    element.remove();
    await until(() => listening() === 0, 'it is let go');
    await mount(element);
    await until(() => listening() === 1, 'it listens again');
    element.remove();
    await until(() => listening() === 0, 'it is let go again');
  });

  it('is left by a removed element only after its uploads have ended', async () => {
    const { element, open } = await sending('ending');
    await until(() => listening() === 1, 'it listens');
    element.remove();
    await nextTask();
    expect(listening()).to.equal(1);
    open();
    await until(() => listening() === 0, 'it is let go');
  });

  it('is not left while the element is moved', async () => {
    const element = await mount(heldBack('moved').element);
    await until(() => listening() === 1, 'it listens');
    document.body.prepend(element);
    await nextTask();
    expect([listening(), signals.length]).to.deep.equal([1, 1]);
    element.remove();
  });

  it('is used by the engine that replaces one of the page', async () => {
    const element = await mount(heldBack('back').element);
    element.engine = new UploadEngine();
    await until(() => listening() === 0, 'the one left behind is let go');
    element.engine = null;
    await until(() => listening() === 1, 'the engine of the element listens');
    element.remove();
  });
});
