import { aTimeout, expect, oneEvent, waitUntil } from '@open-wc/testing';
import { fileTypesOf } from '../../../src/element/zone/handle-picker.js';
import { snapshot } from '../fake-engine.js';
import { bind, fileNamed, find, openingsOf, pick, realHandle, textOf } from '../support.js';

type Options = { readonly multiple: boolean; readonly types: unknown };

/** The browser's picker, answered by the test. */
class FakePicker {
  readonly calls: Options[] = [];
  readonly #before: readonly [object, string, PropertyDescriptor | undefined][];

  /** @param answer what the user chooses, or how the browser refuses. */
  constructor(answer: () => Promise<readonly FileSystemFileHandle[]>, { webdriver = false } = {}) {
    const open = (options: Options) => {
      this.calls.push(options);
      return answer();
    };
    const put = (target: object, name: string, value: unknown): [object, string, PropertyDescriptor | undefined] => {
      const before = Object.getOwnPropertyDescriptor(target, name);
      Object.defineProperty(target, name, { configurable: true, value });
      return [target, name, before];
    };
    this.#before = [put(window, 'showOpenFilePicker', open), put(navigator, 'webdriver', webdriver)];
  }

  restore(): void {
    for (const [target, name, before] of this.#before) {
      if (before) Object.defineProperty(target, name, before);
      else Reflect.deleteProperty(target, name);
    }
  }
}

const refusal = (name: string) => () => Promise.reject(new DOMException('no', name));

describe('fileTypesOf', () => {
  it('expresses accept, with extensions under an own type', () => {
    expect(fileTypesOf('image/*, .PDF,text/csv')).to.deep.equal([
      { accept: { 'image/*': [], 'text/csv': [], 'application/x-fastio-upload': ['.pdf'] } },
    ]);
    expect(fileTypesOf('.tar.gz,.c++')).to.deep.equal([
      { accept: { 'application/x-fastio-upload': ['.tar.gz', '.c++'] } },
    ]);
  });

  it('sets no types where all files are accepted', () => {
    for (const accept of ['', ' , ', '*/*', 'image/png,*/*']) expect(fileTypesOf(accept)).to.deep.equal([]);
  });

  it('is null where the picker would refuse what an input accepts', () => {
    for (const accept of ['pdf', '.file_name', '.longer-than-sixteen', '.a.', 'text/html;charset=utf-8', '*', '/']) {
      expect(fileTypesOf(accept), accept).to.equal(null);
    }
  });

  it('sets only what the browser itself accepts', async function () {
    const { showOpenFilePicker } = window as { showOpenFilePicker?: (options: object) => Promise<unknown> };
    if (!showOpenFilePicker) this.skip();
    const ask = (types: unknown) => showOpenFilePicker.call(window, { types }).catch((error: Error) => error.name);
    expect(await ask([{ accept: { 'text/plain': ['.file_name'] } }])).to.equal('TypeError');
    // Without a click it refuses at the next check; types that it cannot read are a TypeError before that.
    for (const accept of ['image/*', '.pdf', 'application/vnd.ms-excel,.c++,.tar.gz', 'audio/*,video/*', '']) {
      expect(await ask(fileTypesOf(accept)), accept).to.equal('SecurityError');
    }
  });
});

describe('<fastio-upload> picker with handles', () => {
  let picker: FakePicker | undefined;
  afterEach(() => picker?.restore());

  /** Clicks of the script open no window, so that the real inputs may be clicked. */
  it('keeps the handles of the files that were chosen', async function () {
    const handle = (await realHandle('kept.txt')) ?? this.skip();
    picker = new FakePicker(async () => [handle]);
    const { element, engine } = await bind();
    const openings = openingsOf(element);
    const changed = oneEvent(element, 'change');
    find(element, '.choose').click();
    expect(picker.calls, 'opened within the click').to.deep.equal([{ multiple: true, types: [] }]);
    await changed;
    const [, [input]] = engine.calls.find(([name]) => name === 'addFiles') as [
      string,
      { file: File; handle: unknown }[],
    ];
    expect([input?.file.name, input?.handle]).to.deep.equal(['kept.txt', handle]);
    expect(openings.count).to.equal(0);
  });

  it('opens with click() and showPicker() as well, with the types of accept', async () => {
    picker = new FakePicker(async () => []);
    const { element } = await bind();
    element.accept = '.pdf';
    element.multiple = false;
    element.name = 'field';
    await element.updateComplete;
    element.click();
    await aTimeout(0);
    element.showPicker();
    const call = { multiple: false, types: [{ accept: { 'application/x-fastio-upload': ['.pdf'] } }] };
    expect(picker.calls).to.deep.equal([call, call]);
  });

  it('does nothing when the user closes it', async () => {
    picker = new FakePicker(refusal('AbortError'));
    const { element, engine } = await bind();
    const openings = openingsOf(element);
    find(element, '.choose').click();
    await aTimeout(0);
    expect([openings.count, engine.calls.filter(([name]) => name === 'addFiles')]).to.deep.equal([0, []]);
  });

  for (const name of ['SecurityError', 'NotAllowedError', 'TypeError']) {
    it(`opens the input when the browser refuses with ${name}`, async () => {
      picker = new FakePicker(name === 'TypeError' ? () => Promise.reject(new TypeError('no')) : refusal(name));
      const { element } = await bind();
      const openings = openingsOf(element);
      find(element, '.choose').click();
      await waitUntil(() => openings.count === 1);
    });
  }

  it('opens the input at once for test tools, the camera, no-resume and what it cannot express', async () => {
    picker = new FakePicker(async () => [], { webdriver: true });
    const { element } = await bind();
    const openings = openingsOf(element);
    const choose = () => find(element, '.choose').click();
    choose();
    expect(openings.count).to.equal(1);
    Object.defineProperty(navigator, 'webdriver', { configurable: true, value: false });
    const properties = [{ capture: 'user' }, { capture: null, noResume: true }, { noResume: false, accept: '.größe' }];
    for (const [index, property] of properties.entries()) {
      Object.assign(element, property);
      await element.updateComplete;
      choose();
      expect(openings.count).to.equal(index + 2);
    }
    expect(picker.calls).to.deep.equal([]);
  });

  it('does not open a second one over the first', async () => {
    let close: (handles: readonly FileSystemFileHandle[]) => void = () => {};
    picker = new FakePicker(() => new Promise((resolve) => (close = resolve)));
    const { element } = await bind();
    const openings = openingsOf(element);
    find(element, '.choose').click();
    find(element, '.choose').click();
    close([]);
    await aTimeout(0);
    find(element, '.choose').click();
    expect([picker.calls.length, openings.count]).to.deep.equal([2, 0]);
  });

  it('reports a chosen file that cannot be read', async function () {
    const handle = (await realHandle('gone.txt')) ?? this.skip();
    await (handle as FileSystemFileHandle & { remove?(): Promise<void> }).remove?.();
    if (await handle.getFile().catch(() => null)) this.skip();
    picker = new FakePicker(async () => [handle]);
    const { element } = await bind();
    find(element, '.choose').click();
    await waitUntil(() => textOf(find(element, '[role=alert]')).includes("gone.txt couldn't be read"));
  });

  it('attaches a file with its handle to its upload, and all files at once', async function () {
    const handle = (await realHandle('raw.mp4')) ?? this.skip();
    picker = new FakePicker(async () => [handle]);
    const { element, engine } = await bind();
    const lost = { name: 'raw.mp4', state: 'paused', reason: 'needs-file' } as const;
    engine.show(snapshot({ id: 'one', ...lost }), snapshot({ id: 'two', ...lost }));
    await element.updateComplete;
    const changed = oneEvent(element, 'change');
    find(element, '[data-id=one] [data-action=choose]').click();
    await changed;
    expect(picker.calls.at(-1)?.multiple).to.equal(false);
    expect(engine.calls.at(-1)).to.deep.equal(['reattach', 'one', await handle.getFile()]);
    const again = oneEvent(element, 'change');
    find(element, '.summary [data-action=choose-again]').click();
    await again;
    expect(picker.calls.at(-1)?.multiple).to.equal(true);
    expect(engine.calls.at(-1)?.[0]).to.equal('addFiles');
  });
});

describe('<fastio-upload> with another file than that of the upload', () => {
  const withWrongFile = async (name = 'raw.mp4') => {
    const bound = await bind();
    const { element, engine } = bound;
    const lost = { id: 'one', state: 'paused', reason: 'needs-file' } as const;
    engine.show(snapshot({ ...lost, name: 'raw.mp4', relativePath: 'shots/raw.mp4' }));
    engine.reattach = async () => false;
    await element.updateComplete;
    openingsOf(element, '.again-input');
    find(element, '[data-action=choose]').focus();
    find(element, '[data-action=choose]').click();
    pick(element, [fileNamed(name)], '.again-input');
    await waitUntil(() => element.shadowRoot?.querySelector('.notice [data-action=start-over]'));
    return bound;
  };

  it('asks the user, with the names of the files', async () => {
    const { element } = await withWrongFile('other.mp4');
    expect(textOf(find(element, '[role=alert]'))).to.contain('That isn\'t "raw.mp4".');
    const labels = [...find(element, '.notice-buttons').querySelectorAll('button')].map(textOf);
    expect(labels).to.deep.equal(['Select raw.mp4', 'Upload other.mp4 instead']);
    expect(element.shadowRoot?.activeElement?.getAttribute('data-action')).to.equal('choose');
  });

  it('starts over in the folder of the upload, when it is another version of the file', async () => {
    const { element, engine } = await withWrongFile();
    const changed = oneEvent(element, 'change');
    find(element, '[data-action=start-over]').focus();
    find(element, '[data-action=start-over]').click();
    await changed;
    await element.updateComplete;
    expect(engine.uploads.map(({ id, relativePath }) => [id === 'one', relativePath])).to.deep.equal([
      [false, 'shots/raw.mp4'],
    ]);
    expect(element.shadowRoot?.querySelector('.notice')).to.equal(null);
    expect(element.shadowRoot?.activeElement, 'the focus is not lost').to.not.equal(null);
  });

  it('opens the picker for the upload again', async () => {
    const { element, engine } = await withWrongFile();
    const calls: unknown[] = [];
    engine.reattach = async (id) => calls.push(id) > 0;
    find(element, '.notice [data-action=choose]').click();
    pick(element, [fileNamed('raw.mp4')], '.again-input');
    await waitUntil(() => calls.length > 0);
    expect(calls).to.deep.equal(['one']);
  });

  it('changes neither when it is dismissed', async () => {
    const { element, engine } = await withWrongFile();
    find(element, '[part~=dismiss]').click();
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('.notice')).to.equal(null);
    expect(engine.uploads.map(({ id }) => id)).to.deep.equal(['one']);
  });
});

describe('<fastio-upload> files that wait for permission', () => {
  const barred = { state: 'paused', reason: 'needs-permission' } as const;

  it('shows how many uploads are unfinished, and resumes all of them with one button', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ name: 'a.mov', ...barred }), snapshot({ name: 'b.mov', ...barred }));
    await element.updateComplete;
    expect(textOf(find(element, '[part=summary-title]'))).to.equal('2 unfinished uploads');
    find(element, '.summary [data-action=continue-all]').click();
    expect(engine.calls.at(-1)).to.deep.equal(['resume', undefined]);
  });

  it('has the button of a single one in its row, or above the list without rows', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'one', name: 'a.mov', ...barred, confirmedBytes: 0 }));
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[data-action=continue-all]')).to.equal(null);
    const button = find(element, '[data-id=one] [data-action=continue]');
    expect(button.ariaLabel).to.equal('Continue: a.mov');
    button.click();
    expect(engine.calls.at(-1)).to.deep.equal(['resume', 'one']);
    element.list = 'summary';
    await element.updateComplete;
    find(element, '.summary [data-action=continue-all]').click();
    expect(engine.calls.at(-1)).to.deep.equal(['resume', undefined]);
  });
});
