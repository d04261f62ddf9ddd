import { expect, html } from '@open-wc/testing';
import { until } from '../../support/until.js';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, find, textOf } from '../support.js';

interface Sending extends Bound {
  readonly form: HTMLFormElement;
  /** What arrived at the page, and by which button. */
  readonly sent: { readonly ids: FormDataEntryValue[]; readonly by: string | undefined }[];
}

const bindHolding = async (noAuto = false): Promise<Sending> => {
  const bound = await bind(html`<form>
    <fastio-upload name="files" multiple required submit-when-done ?no-auto=${noAuto}></fastio-upload>
    <button value="draft">Keep</button>
    <button value="final">Send</button>
    <button value="unchecked" formnovalidate>Save</button>
  </form>`);
  const form = bound.element.form as HTMLFormElement;
  const sent: Sending['sent'] = [];
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const by = (event.submitter as HTMLButtonElement | null)?.value;
    sent.push({ ids: new FormData(form).getAll('files'), by });
  });
  return { ...bound, form, sent };
};

const press = ({ form }: Sending, value = 'final'): void =>
  form.querySelector<HTMLButtonElement>(`button[value=${value}]`)?.click();

const finish = async ({ element, engine }: Sending, id: string): Promise<void> => {
  engine.change(id, { state: 'done', fileId: `file-${id}` });
  await element.updateComplete;
};

describe('submit-when-done', () => {
  it('holds the form until all files are stored, then submits it with the same button', async () => {
    const sending = await bindHolding();
    sending.engine.show(snapshot({ id: 'a', state: 'uploading' }), snapshot({ id: 'b', state: 'queued' }));
    await sending.element.updateComplete;
    press(sending, 'draft');
    press(sending);
    await finish(sending, 'a');
    expect(sending.sent).to.deep.equal([]);
    expect(textOf(find(sending.element, '.held'))).to.equal('The form will be sent as soon as all files are uploaded.');
    await finish(sending, 'b');
    expect(sending.sent).to.deep.equal([{ ids: ['file-a', 'file-b'], by: 'final' }]);
    expect(sending.element.shadowRoot?.querySelector('.held')).to.equal(null);
  });

  it('lets a button without validation submit the form at once', async () => {
    const sending = await bindHolding();
    sending.engine.show(snapshot({ id: 'a', state: 'uploading' }));
    await sending.element.updateComplete;
    press(sending, 'unchecked');
    expect(sending.sent).to.deep.equal([{ ids: [], by: 'unchecked' }]);
  });

  it('announces it to screen readers', async () => {
    const sending = await bindHolding();
    sending.engine.show(snapshot({ id: 'a', state: 'uploading' }));
    await sending.element.updateComplete;
    press(sending);
    const region = find(sending.element, '[role=status]');
    const said = () => textOf(region).includes('The form will be sent as soon as all files are uploaded.');
    await until(said, 'it is said');
  });

  it('submits at once when all files are stored, and never when a required file is missing', async () => {
    const sending = await bindHolding();
    press(sending);
    expect(sending.sent).to.deep.equal([]);
    expect(sending.element.validity.valueMissing).to.equal(true);
    sending.engine.show(snapshot({ id: 'a', state: 'done', fileId: 'x' }));
    await sending.element.updateComplete;
    press(sending);
    expect(sending.sent).to.deep.equal([{ ids: ['x'], by: 'final' }]);
  });

  it('does not submit when a file failed, and shows why', async () => {
    const sending = await bindHolding();
    sending.engine.show(snapshot({ id: 'a', state: 'uploading' }));
    await sending.element.updateComplete;
    press(sending);
    sending.engine.change('a', { state: 'failed' });
    await sending.element.updateComplete;
    expect(sending.sent).to.deep.equal([]);
    expect(sending.element.validationMessage).to.contain("Some files weren't uploaded");
  });

  it('does not wait for uploads that wait for the user', async () => {
    const sending = await bindHolding();
    sending.engine.show(snapshot({ id: 'a', state: 'paused', reason: 'user' }));
    await sending.element.updateComplete;
    press(sending);
    expect(sending.sent).to.deep.equal([]);
    expect(sending.element.validationMessage).to.equal('Some uploads are paused. Continue or remove them.');
    expect(sending.element.shadowRoot?.querySelector('.held')).to.equal(null);
  });

  it('starts waiting uploads', async () => {
    const sending = await bindHolding(true);
    sending.engine.show(snapshot({ id: 'a' }));
    await sending.element.updateComplete;
    press(sending);
    expect(sending.engine.calls).to.deep.include(['start']);
  });

  it('is forgotten on reset and when the element is removed', async () => {
    for (const leave of [(form: HTMLFormElement) => form.reset(), (form: HTMLFormElement) => form.remove()]) {
      const sending = await bindHolding();
      sending.engine.show(snapshot({ id: 'a', state: 'uploading' }));
      await sending.element.updateComplete;
      press(sending);
      leave(sending.form);
      sending.engine.show(snapshot({ id: 'a', state: 'done', fileId: 'x' }));
      await sending.element.updateComplete;
      expect(sending.sent).to.deep.equal([]);
    }
  });

  it('leaves the form invalid during uploads without the attribute', async () => {
    const sending = await bindHolding();
    sending.element.submitWhenDone = false;
    sending.engine.show(snapshot({ id: 'a', state: 'uploading' }));
    await sending.element.updateComplete;
    press(sending);
    await finish(sending, 'a');
    expect(sending.sent).to.deep.equal([]);
  });
});
