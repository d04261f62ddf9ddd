import { expect, html } from '@open-wc/testing';
import { a11ySnapshot } from '@web/test-runner-commands';
import { snapshot } from '../fake-engine.js';
import { type Bound, bind, find, findAll, nextTask, textOf } from '../support.js';

const bindRequired = (): Promise<Bound> =>
  bind(html`<form>
    <label for="upload">Your pictures</label>
    <fastio-upload id="upload" name="pictures" multiple required></fastio-upload>
    <button>Send</button>
  </form>`);

const send = async ({ element }: Bound): Promise<void> => {
  element.form?.querySelector('button')?.click();
  await element.updateComplete;
};

const errorsOf = ({ element }: Bound): string[] => findAll(element, '[part=error]').map(textOf);

/** The name of the field that has the focus, or the class of the element's button. */
const focusedIn = ({ element }: Bound): string | undefined => {
  const { activeElement } = document;
  if (activeElement === element) return element.shadowRoot?.activeElement?.classList.item(1) ?? '';
  return activeElement instanceof HTMLInputElement ? activeElement.name : undefined;
};

interface Node {
  readonly role: string;
  readonly name?: string;
  readonly description?: string;
  readonly invalid?: string;
  readonly required?: boolean;
  readonly children?: readonly Node[];
}

const groupIn = (node: Node): Node | undefined =>
  node.role === 'group' ? node : (node.children ?? []).map(groupIn).find((found) => found !== undefined);

/** What assistive technology is told of the element; null in browsers that do not tell a test. */
const toldOf = async (): Promise<Node | null> => {
  const tree = await a11ySnapshot({}).catch(() => null);
  return tree === null ? null : (groupIn(tree as unknown as Node) ?? null);
};

describe('a field that keeps its form from being submitted', () => {
  it('shows nothing before the form is submitted, nor when a script asks', async () => {
    const bound = await bindRequired();
    expect(bound.element.checkValidity()).to.equal(false);
    expect(bound.element.form?.checkValidity()).to.equal(false);
    await bound.element.updateComplete;
    expect([errorsOf(bound), bound.element.matches(':state(user-invalid)')]).to.deep.equal([[], false]);
  });

  it('shows why beside itself once the form is submitted, until it is valid', async () => {
    const bound = await bindRequired();
    await send(bound);
    expect(errorsOf(bound)).to.deep.equal(['Add a file.']);
    expect(bound.element.matches(':state(user-invalid)')).to.equal(true);
    expect(find(bound.element, '.choose').getAttribute('aria-describedby')).to.equal('error hint');
    bound.engine.show(snapshot({ id: 'a', state: 'uploading' }));
    await bound.element.updateComplete;
    expect(errorsOf(bound)).to.deep.equal(['Wait until the files are uploaded.']);
    bound.engine.change('a', { state: 'done', fileId: 'file-a' });
    await bound.element.updateComplete;
    await bound.element.updateComplete;
    expect([errorsOf(bound), bound.element.matches(':state(user-invalid)')]).to.deep.equal([[], false]);
  });

  it('shows why when the page reports validity', async () => {
    const bound = await bindRequired();
    expect(bound.element.reportValidity()).to.equal(false);
    await bound.element.updateComplete;
    expect(errorsOf(bound)).to.deep.equal(['Add a file.']);
  });

  it('keeps the browser from saying the same again, and takes the focus', async () => {
    const bound = await bindRequired();
    const canceled: boolean[] = [];
    bound.element.addEventListener('invalid', (event) => canceled.push(event.defaultPrevented));
    await send(bound);
    await nextTask();
    expect([canceled, focusedIn(bound)]).to.deep.equal([[true], 'choose']);
    find(bound.element, '.choose').blur();
    expect([bound.element.reportValidity(), focusedIn(bound)]).to.deep.equal([false, 'choose']);
    await nextTask();
    expect(bound.element.checkValidity()).to.equal(false);
    expect(canceled).to.deep.equal([true, true, false]);
  });

  for (const [place, focused] of [
    ['before', 'title'],
    ['after', 'choose'],
  ] as const) {
    it(`leaves the focus to the first field that keeps it: another ${place} it`, async () => {
      const title = html`<fieldset><input name="title" required></fieldset>`;
      const bound = await bind(html`<form>
        ${place === 'before' ? title : ''}
        <fastio-upload name="pictures" required></fastio-upload>
        ${place === 'after' ? title : ''}
        <button>Send</button>
      </form>`);
      await send(bound);
      await nextTask();
      expect([errorsOf(bound), focusedIn(bound)]).to.deep.equal([['Add a file.'], focused]);
    });
  }

  it('shows nothing after the form is reset', async () => {
    const bound = await bindRequired();
    await send(bound);
    bound.element.form?.reset();
    await bound.element.updateComplete;
    expect(errorsOf(bound)).to.deep.equal([]);
  });

  it('is invalid for assistive technology only then', async () => {
    const bound = await bindRequired();
    bound.engine.show(snapshot({ id: 'a', state: 'uploading', size: 100, sentBytes: 10 }));
    await bound.element.updateComplete;
    const before = await toldOf();
    await send(bound);
    const after = await toldOf();
    if (before === null || after === null) return;
    expect([before.name, before.invalid]).to.deep.equal(['Your pictures', undefined]);
    expect(after.invalid).to.equal('true');
  });
});

describe('an upload without a form', () => {
  it('is a group with a name that is not invalid while it is running', async () => {
    const { element, engine } = await bind();
    engine.show(snapshot({ id: 'a', state: 'uploading', size: 100, sentBytes: 10 }));
    await element.updateComplete;
    const told = await toldOf();
    if (told !== null) expect([told.name, told.invalid]).to.deep.equal(['File upload', undefined]);
  });
});
