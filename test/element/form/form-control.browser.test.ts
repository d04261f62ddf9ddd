import { expect, fixture, html, oneEvent } from '@open-wc/testing';
import type { TemplateResult } from 'lit';
import type { FastioUpload } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, fileNamed, find, findAll, namesOf, nextTask, openingsOf, pick, textOf } from '../support.js';

const bindInForm = (attributes: 'plain' | 'required' = 'plain') =>
  bind(html`<form>
    <label for="upload">Your pictures</label>
    <fieldset>
      <fastio-upload id="upload" name="pictures" multiple ?required=${attributes === 'required'}></fastio-upload>
    </fieldset>
  </form>`);

const done = (id: string) => snapshot({ id, name: `${id}.mp4`, state: 'done', fileId: `file-${id}` });

/** What the form is told to keep of an element that has stored two files. */
const keptStateOf = ({ element, engine }: Bound): string => {
  const kept: unknown[] = [];
  const { setFormValue } = ElementInternals.prototype;
  ElementInternals.prototype.setFormValue = (...[, state]) => kept.push(state);
  engine.show(done('a'), snapshot({ state: 'uploading' }), done('b'));
  element.checkValidity();
  ElementInternals.prototype.setFormValue = setFormValue;
  return String(kept.at(-1));
};

/** An element with an engine of its own, to which the browser brings a state back. */
const restoredIn = async (field: TemplateResult, state: string | null) => {
  const form = await fixture<HTMLFormElement>(html`<form>${field}</form>`);
  const element = form.querySelector('fastio-upload');
  if (element === null) throw new Error('there is no element');
  element.noResume = true;
  element.formStateRestoreCallback(state);
  await element.updateComplete;
  return { element };
};

describe('<fastio-upload> in a form', () => {
  it('submits the file ids of finished uploads', async () => {
    const { element, engine } = await bindInForm();
    engine.show(done('a'), snapshot({ state: 'canceled' }), done('b'));
    await element.updateComplete;
    expect(element.value).to.deep.equal(['file-a', 'file-b']);
    expect(new FormData(element.form ?? undefined).getAll('pictures')).to.deep.equal(['file-a', 'file-b']);
  });

  it('has updated the form by the time that the page receives the event of the end', async () => {
    const { element, engine } = await bindInForm();
    engine.uploads = [done('a')];
    const upload = engine.uploads[0] ?? done('a');
    let entries: FormDataEntryValue[] = [];
    element.addEventListener('upload-complete', () => {
      entries = new FormData(element.form ?? undefined).getAll('pictures');
    });
    engine.emit('upload-complete', { upload, fileId: 'file-a', result: null });
    expect(entries).to.deep.equal(['file-a']);
  });

  it('is asked for the ids when the form is read, and does not report them after each of many files', async () => {
    const { element, engine } = await bindInForm();
    const ids = Array.from({ length: 200 }, (_, index) => `${index}`);
    engine.show(...ids.map((id) => snapshot({ id, state: 'uploading' })));
    await element.updateComplete;
    // Code that the first rendering has loaded renders once more.
    await nextTask();
    await element.updateComplete;
    const { setFormValue } = ElementInternals.prototype;
    let told = 0;
    ElementInternals.prototype.setFormValue = function (...args) {
      told += 1;
      setFormValue.apply(this, args);
    };
    const heard: { stored: number; told: number; valid: boolean | undefined }[] = [];
    element.addEventListener('upload-complete', () => {
      const stored = new FormData(element.form ?? undefined).getAll('pictures').length;
      heard.push({ stored, told, valid: element.form?.checkValidity() });
    });
    try {
      for (const id of ids) {
        engine.change(id, { state: 'done', fileId: `file-${id}` });
        engine.emit('upload-complete', { upload: done(id), fileId: `file-${id}`, result: null });
        await Promise.resolve();
      }
    } finally {
      ElementInternals.prototype.setFormValue = setFormValue;
    }
    const last = heard.pop();
    expect(heard.every(({ stored, told, valid }, index) => stored === index + 1 && told === 0 && !valid)).to.equal(
      true,
    );
    expect([last?.stored, last?.valid]).to.deep.equal([200, true]);
  });

  it('submits nothing while disabled, and its ids to a form that it moves to', async () => {
    const { element, engine } = await bindInForm();
    engine.show(done('a'));
    const { form } = element;
    element.disabled = true;
    expect([...new FormData(form ?? undefined)]).to.deep.equal([]);
    element.disabled = false;
    const other = document.createElement('form');
    document.body.append(other);
    other.append(element);
    const entries = [form, other].map((of) => new FormData(of ?? undefined).getAll('pictures'));
    expect(entries).to.deep.equal([[], ['file-a']]);
    other.remove();
  });

  it('submits nothing without a name', async () => {
    const { element, engine } = await bind(html`<form><fastio-upload multiple></fastio-upload></form>`);
    engine.show(done('a'));
    await element.updateComplete;
    expect([...new FormData(element.form ?? undefined)]).to.deep.equal([]);
  });

  it('sets no attribute on itself', async () => {
    const element = document.createElement('fastio-upload');
    document.body.append(element);
    await element.updateComplete;
    expect(element.getAttributeNames()).to.deep.equal([]);
    element.remove();
  });

  it('submits nothing after its name is removed', async () => {
    const { element, engine } = await bindInForm();
    engine.show(done('a'));
    element.removeAttribute('name');
    await element.updateComplete;
    expect([...new FormData(element.form ?? undefined)]).to.deep.equal([]);
    expect(element.hasAttribute('name')).to.equal(false);
  });

  it('is missing a value when required and empty', async () => {
    const { element, engine } = await bindInForm('required');
    expect(element.form?.checkValidity()).to.equal(false);
    expect(element.validity.valueMissing).to.equal(true);
    engine.show(done('a'));
    await Promise.resolve();
    expect(element.form?.checkValidity()).to.equal(true);
  });

  it('keeps the form from being submitted during uploads, and after a failure', async () => {
    const { element, engine } = await bindInForm();
    engine.show(snapshot({ id: 'one', state: 'uploading' }));
    expect([element.checkValidity(), element.validationMessage]).to.deep.equal([
      false,
      'Wait until the files are uploaded.',
    ]);
    engine.change('one', { state: 'failed' });
    expect(element.validationMessage).to.equal("Some files weren't uploaded. Try again or remove them.");
    engine.change('one', { state: 'done', fileId: 'x' });
    expect([element.checkValidity(), element.validationMessage]).to.deep.equal([true, '']);
  });

  it('accepts a message of the page', async () => {
    const { element } = await bindInForm();
    element.setCustomValidity('Not today.');
    expect([element.validity.customError, element.validationMessage]).to.deep.equal([true, 'Not today.']);
    element.setCustomValidity('');
    expect(element.validity.valid).to.equal(true);
  });

  it('is disabled by a fieldset', async () => {
    const { element } = await bindInForm();
    const fieldset = element.closest('fieldset');
    if (fieldset) fieldset.disabled = true;
    await element.updateComplete;
    expect(find<HTMLButtonElement>(element, '.choose').disabled).to.equal(true);
    expect(element.matches(':state(disabled)')).to.equal(true);
    expect(element.willValidate).to.equal(false);
  });

  it('is enabled again by its property, and disabled by its fieldset whatever that says', async () => {
    const { element } = await bindInForm();
    const fieldset = element.closest('fieldset');
    const button = find<HTMLButtonElement>(element, '.choose');
    const seen: boolean[][] = [];
    for (const [own, outer] of [[true], [false], [true, true], [false, true], [false, false]]) {
      element.disabled = own === true;
      if (fieldset) fieldset.disabled = outer === true;
      await element.updateComplete;
      seen.push([element.hasAttribute('disabled'), button.disabled, element.matches(':state(disabled)')]);
    }
    expect(seen).to.deep.equal([
      [true, true, true],
      [false, false, false],
      [true, true, true],
      [false, true, true],
      [false, false, false],
    ]);
  });

  it('removes everything from the list on reset, but cancels no upload of another tab', async () => {
    const { element, engine } = await bindInForm();
    engine.show(done('a'), snapshot({ id: 'elsewhere', state: 'waiting', reason: 'other-tab' }));
    element.form?.reset();
    await element.updateComplete;
    // To remove is to cancel what is ours only: `engine/restorer-other-tabs.test.ts`.
    expect(engine.calls.filter(([name]) => name === 'cancel')).to.deep.equal([]);
    expect(element.uploads).to.deep.equal([]);
    expect([...new FormData(element.form ?? undefined)]).to.deep.equal([]);
  });

  it('forgets on reset which files it refused', async () => {
    const { element, engine } = await bindInForm();
    engine.refuse(fileNamed('a.txt'));
    await element.updateComplete;
    expect(find(element, '.notices').children).to.have.length(1);
    element.form?.reset();
    await element.updateComplete;
    expect(find(element, '.notices').children).to.have.length(0);
  });

  it('shows and submits the files that the browser restores, until they are removed', async () => {
    const state = keptStateOf(await bindInForm());
    const { element } = await restoredIn(html`<fastio-upload name="pictures" multiple></fastio-upload>`, state);
    const entries = () => new FormData(element.form ?? undefined).getAll('pictures');
    expect(findAll(element, '[part=name]').map(textOf)).to.deep.equal(['a.mp4', 'b.mp4']);
    expect(entries()).to.deep.equal(['file-a', 'file-b']);
    find(element, '[data-action=remove]').click();
    await element.updateComplete;
    expect(entries()).to.deep.equal(['file-b']);
    element.clear();
    await element.updateComplete;
    expect(entries()).to.deep.equal([]);
  });

  it('has its files again when the user returns to the page', async () => {
    const frame = await fixture<HTMLIFrameElement>(html`<iframe src="/test/support/form-page.html"></iframe>`);
    const inside = () => frame.contentDocument?.querySelector<FastioUpload>('fastio-upload:defined') ?? null;
    // Before that, a page takes the place of the last one in the history, and going back would leave the tests.
    await until(() => inside() !== null && frame.contentDocument?.readyState === 'complete', 'the page is loaded');
    const pages = history.length;
    const file = { fileId: 'file-a', name: 'a.mp4', size: 1, type: '', lastModified: 1, relativePath: 'a.mp4' };
    inside()?.engine.restoreStored([file]);
    inside()?.checkValidity();
    frame.contentWindow?.location.assign('/test/support/form-page.html?other');
    await until(() => frame.contentWindow?.location.search === '?other' && inside() !== null, 'another page is there');
    expect(inside()?.value).to.deep.equal([]);
    // Browsers keep at most 50 entries of a tab, WebKit 100, which earlier tests may have filled.
    expect([pages + 1, 50, 100]).to.include(history.length);
    history.back();
    await until(() => frame.contentWindow?.location.search === '' && inside()?.value.length === 1, 'it is back');
    expect(inside()?.uploads.map(({ name, state }) => [name, state])).to.deep.equal([['a.mp4', 'done']]);
  });

  it('drops them on reset', async () => {
    const state = keptStateOf(await bindInForm());
    const { element } = await restoredIn(html`<fastio-upload name="pictures" multiple></fastio-upload>`, state);
    element.form?.reset();
    expect(new FormData(element.form ?? undefined).getAll('pictures')).to.deep.equal([]);
  });

  it('replaces what was restored to a field for one file by a new choice', async () => {
    const state = keptStateOf(await bindInForm());
    const { element } = await restoredIn(html`<fastio-upload name="pictures" no-auto></fastio-upload>`, state);
    pick(element, [fileNamed('new.txt')]);
    expect(namesOf(element)).to.deep.equal(['new.txt']);
    await element.updateComplete;
    expect(new FormData(element.form ?? undefined).getAll('pictures')).to.deep.equal([]);
  });

  it('restores nothing from a foreign state', async () => {
    for (const state of [null, 'text', '["old"]', '{"fileId":"x"}', '[{"fileId":1,"name":"a","size":1}]']) {
      const { element } = await restoredIn(html`<fastio-upload name="pictures" multiple></fastio-upload>`, state);
      expect(element.value).to.deep.equal([]);
    }
  });

  it('opens the picker by its label, which names the button', async () => {
    const { element } = await bindInForm();
    const openings = openingsOf(element);
    element.form?.querySelector('label')?.click();
    expect(openings.count).to.equal(1);
    expect(textOf(find(element, '.choose'))).to.equal('Choose files: Your pictures');
  });

  it('offers no clearing, which would empty the field', async () => {
    const { element, engine } = await bindInForm();
    engine.show(done('a'));
    await element.updateComplete;
    expect(element.shadowRoot?.querySelector('[data-action=clear]')).to.equal(null);
  });

  it('dispatches change when the user removes a file', async () => {
    const { element, engine } = await bindInForm();
    engine.show(done('a'));
    await element.updateComplete;
    const changed = oneEvent(element, 'change');
    find(element, '[data-action=remove]').click();
    await changed;
    expect(element.value).to.deep.equal([]);
  });

  it('accepts nothing while disabled', async () => {
    const { element } = await bindInForm();
    element.disabled = true;
    await element.updateComplete;
    pick(element, [fileNamed('a.txt')]);
    expect(element.uploads).to.deep.equal([]);
  });
});

describe('<fastio-upload> without the form control API of browsers', () => {
  const { attachInternals } = HTMLElement.prototype;

  afterEach(() => {
    HTMLElement.prototype.attachInternals = attachInternals;
  });

  const stands = async (name: string): Promise<void> => {
    const { element, engine } = await bindInForm('required');
    engine.show(done('a'));
    await element.updateComplete;
    expect(findAll(element, 'li'), name).to.have.length(1);
    element.setCustomValidity('no');
    expect([element.form, element.labels.length, element.checkValidity(), element.reportValidity()]).to.deep.equal([
      null,
      0,
      true,
      true,
    ]);
    expect([element.validationMessage, element.validity.valid, element.willValidate]).to.deep.equal(['', true, false]);
  };

  it('renders without any internals, as in happy-dom', async () => {
    Reflect.deleteProperty(HTMLElement.prototype, 'attachInternals');
    await stands('no internals');
  });

  it('renders where the internals throw, as in jsdom', async () => {
    const refusing = Object.defineProperty({}, 'role', {
      set: () => {
        throw new TypeError('Cannot read properties of undefined');
      },
    });
    HTMLElement.prototype.attachInternals = () => refusing as ElementInternals;
    await stands('refusing internals');
  });
});
