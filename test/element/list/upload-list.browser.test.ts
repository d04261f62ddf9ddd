import { expect, html, oneEvent } from '@open-wc/testing';
import type { FastioUpload, UploadSnapshot } from '../../../src/index.js';
import { until } from '../../support/until.js';
import { errorOf, snapshot } from '../fake-engine.js';
import { bind, fileNamed, find, findAll, openingsOf, pick, textOf } from '../support.js';

const rowOf = async (facts: Partial<UploadSnapshot>) => {
  const { element, engine } = await bind();
  engine.show(snapshot({ name: 'raw.mp4', ...facts }));
  await element.updateComplete;
  return {
    text: textOf(find(element, '.status')),
    actions: findAll(element, 'li [data-action]').map(({ dataset }) => dataset.action),
    bar: element.shadowRoot?.querySelector('li [role=progressbar]') ?? null,
    element,
    engine,
  };
};

describe('a row', () => {
  it('shows bytes, rate and remaining time while uploading', async () => {
    const row = await rowOf({ state: 'uploading', sentBytes: 612e6, bytesPerSecond: 18.4e6, remainingMs: 61_000 });
    expect(row.text).to.equal('551 MB of 1.8 GB · 18 MB/s · 2 min left');
    expect(row.actions).to.deep.equal(['pause', 'cancel']);
  });

  it('shows both the confirmed and the sent share', async () => {
    const { bar, element } = await rowOf({ state: 'uploading', sentBytes: 900e6, confirmedBytes: 450e6 });
    expect(find(element, 'li .sent').style.transform).to.equal('translateX(-50%)');
    expect(find(element, 'li .confirmed').style.transform).to.equal('translateX(-75%)');
    expect(bar?.getAttribute('aria-valuenow')).to.equal('47');
  });

  it('is storing after the bytes, and never complete before the file is stored', async () => {
    const row = await rowOf({ state: 'finishing', sentBytes: 1.8e9, confirmedBytes: 1.8e9 });
    expect(row.text).to.equal('Finishing… · 1.8 GB');
    expect(row.bar?.hasAttribute('aria-valuenow')).to.equal(false);
  });

  it('shows why it waits and when it continues', async () => {
    const row = await rowOf({
      state: 'waiting',
      reason: 'backoff',
      resumesAt: Date.now() + 7_900,
      confirmedBytes: 9e8,
    });
    expect(row.text).to.equal('Connection lost. Retrying in 8 s · 900 MB of 1.8 GB');
  });

  it('shows what went wrong, with the button that fixes it', async () => {
    const changed = await rowOf({ state: 'failed', error: errorOf('source-changed') });
    expect(changed.text).to.equal('The file changed during upload. Select it again to upload the new version.');
    expect(changed.actions).to.deep.equal(['choose', 'remove']);
    expect((await rowOf({ state: 'failed', error: errorOf('network') })).actions).to.deep.equal(['retry', 'remove']);
    expect((await rowOf({ state: 'failed', error: errorOf('too-large') })).actions).to.deep.equal([
      'choose-another',
      'remove',
    ]);
  });

  it('offers another file, and no retry, where the server refuses this one for good', async () => {
    const refusal = { ...errorOf('http'), status: 422, userMessage: 'Only signed contracts can be sent.' };
    expect((await rowOf({ state: 'failed', error: refusal })).actions).to.deep.equal(['choose-another', 'remove']);
    const unexplained = { ...errorOf('http'), status: 422 };
    expect((await rowOf({ state: 'failed', error: unexplained })).actions).to.deep.equal(['retry', 'remove']);
    const trouble = { ...errorOf('http'), status: 503, userMessage: 'Maintenance until noon.' };
    expect((await rowOf({ state: 'failed', error: trouble })).actions).to.deep.equal(['retry', 'remove']);
  });

  it('reads the words of the server in their own direction', async () => {
    const directionOf = async (userMessage: string) => {
      const { element } = await rowOf({ state: 'failed', error: { ...errorOf('http'), userMessage } });
      return getComputedStyle(find(element, '.status q')).direction;
    };
    expect(await directionOf('Only תקציב.pdf can be sent.')).to.equal('ltr');
    expect(await directionOf('הקובץ setup.exe נדחה.')).to.equal('rtl');
  });

  it('quotes the server whole, in the colour of the page, and not the page itself', async () => {
    const userMessage = `${'This PDF is locked. Remove the password and send it again. '.repeat(3)}Thank you.`;
    const error = { ...errorOf('http'), status: 422, userMessage };
    const { element, text } = await rowOf({ state: 'failed', error });
    expect(text).to.equal(`The server says: ${userMessage}`);
    const quote = find(element, '.status q');
    expect(getComputedStyle(quote, '::before').content).to.equal('open-quote');
    expect(getComputedStyle(quote).color).to.equal(getComputedStyle(element).color);
    element.style.width = '280px';
    expect(quote.scrollWidth).to.be.at.most(quote.clientWidth);
    element.errorText = () => 'Write to help@example.org.';
    await element.updateComplete;
    expect(textOf(find(element, '.status'))).to.equal('Write to help@example.org.');
    expect(element.shadowRoot?.querySelector('.status q')).to.equal(null);
  });

  it('puts another file in the place of a refused one', async () => {
    const { element, engine } = await rowOf({ id: 'big', state: 'failed', error: errorOf('too-large') });
    element.noResume = true;
    const openings = openingsOf(element, '.again-input');
    find(element, '[data-action=choose-another]').click();
    expect(openings.count).to.equal(1);
    pick(element, [fileNamed('small.mp4')], '.again-input');
    await until(() => engine.calls.some(([name]) => name === 'addFiles'), 'the other file is added');
    const made = engine.calls.filter(([name]) => name === 'remove' || name === 'addFiles' || name === 'reattach');
    expect(made.map(([name]) => name)).to.deep.equal(['remove', 'addFiles']);
    expect(findAll(element, '.notice')).to.deep.equal([]);
  });

  it('offers one button for another file in a field, which stands out', async () => {
    const { element, engine } = await bind(html`<fastio-upload name="cv"></fastio-upload>`);
    engine.show(snapshot({ state: 'failed', error: errorOf('too-large') }));
    await element.updateComplete;
    const buttons = findAll(element, 'li [data-action=replace]');
    expect(buttons.map(({ className }) => className)).to.deep.equal(['plain word replace']);
  });

  it('shows who holds the lock of the file and until when, as far as known', async () => {
    const what = 'Someone else is working on the file this would replace. Try again.';
    const lockedUntil = Date.now() + 60_000;
    const time = new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(lockedUntil).replace(/\s+/g, ' ');
    const locked = async (known: object) =>
      (await rowOf({ state: 'failed', error: { ...errorOf('locked'), ...known } })).text.replace(/\s+/g, ' ');
    expect(await locked({})).to.equal(what);
    expect(await locked({ lockedUntil })).to.equal(`${what} Locked until ${time}.`);
    expect(await locked({ holder: 'Eve\u202e', lockedUntil })).to.equal(
      `${what} Locked by Eve\ufffd. Locked until ${time}.`,
    );
    expect(await locked({ lockedUntil: Date.now() - 1 })).to.equal(what);
  });

  it('shows names as text, with deceptive characters made visible', async () => {
    const { element } = await rowOf({ name: '<b>invoice\u202efdp.exe', state: 'done' });
    expect(find(element, '.file').textContent).to.equal('<b>invoice\ufffdfdp.exe');
  });

  it('keeps the ending of a long name, and the folder before it', async () => {
    const name = 'a-very-long-name-that-does-not-fit-anywhere.mp4';
    const { element } = await rowOf({ name, relativePath: `holidays/${name}`, state: 'done' });
    element.style.width = '300px';
    const file = find(element, '.file');
    await until(() => file.classList.contains('cut'), 'it is cut');
    expect([file.textContent, file.dataset.tail]).to.deep.equal([name, 'ere.mp4']);
    expect(find(element, '.folder').textContent).to.equal('holidays/');
  });

  it('shows its progress on a page that forbids style attributes', async () => {
    const meta = document.createElement('meta');
    meta.httpEquiv = 'Content-Security-Policy';
    meta.content = "style-src-attr 'none'";
    document.head.append(meta);
    const { element } = await rowOf({ state: 'uploading', sentBytes: 9e8 });
    expect(find(element, 'li .sent').offsetWidth).to.be.greaterThan(0);
  });
});

describe('the summary', () => {
  const titleWith = async (...uploads: UploadSnapshot[]) => {
    const { element, engine } = await bind();
    engine.show(...uploads);
    await element.updateComplete;
    return textOf(find(element, '.summary-text'));
  };

  it('shows the overall status', async () => {
    const size = 1e9;
    const moving = { size, state: 'uploading', sentBytes: 5e8, confirmedBytes: 5e8, bytesPerSecond: 24e6 } as const;
    expect(
      await titleWith(snapshot({ size, state: 'done' }), snapshot(moving), snapshot({ size, state: 'failed' })),
    ).to.equal('1 of 3 uploaded 1 file failed · 1.5 of 3 GB · 24 MB/s · about 2 min left');
  });

  it('shows when all files are stored, and what is left of an earlier page', async () => {
    const stored = () => snapshot({ size: 44_000, state: 'done' });
    const lost = () => snapshot({ size: 1e9, state: 'paused', reason: 'needs-file' });
    expect(await titleWith(stored(), stored())).to.equal('2 files uploaded 88 kB');
    expect(await titleWith(lost(), lost())).to.contain('2 unfinished uploads');
  });

  it('starts, pauses, resumes, retries and clears all', async () => {
    const { element, engine } = await bind();
    const press = async (action: string, ...uploads: UploadSnapshot[]) => {
      engine.show(...uploads);
      await element.updateComplete;
      find(element, `.summary [data-action=${action}]`).click();
      await element.updateComplete;
      return engine.calls.filter(([name]) => name !== 'configure' && name !== 'remove').at(-1)?.[0];
    };
    expect(await press('pause-all', snapshot({ state: 'uploading' }), snapshot())).to.equal('pause');
    expect(
      await press('resume-all', snapshot({ state: 'paused', reason: 'user' }), snapshot({ state: 'done' })),
    ).to.equal('resume');
    expect(await press('cancel-all', snapshot({ state: 'uploading' }), snapshot())).to.equal('cancel');
    const failed = () => snapshot({ state: 'failed', error: errorOf('network') });
    expect(await press('retry-all', failed(), failed())).to.equal('retry');
    expect(await press('clear', snapshot({ state: 'done' }), snapshot({ state: 'done' }))).to.equal('clear');
    element.noAuto = true;
    expect(await press('start', snapshot())).to.equal('start');
  });
});

describe('the summary alone', () => {
  const show = async (...uploads: UploadSnapshot[]) => {
    const { element, engine } = await bind(html`<fastio-upload multiple name="film" list="summary"></fastio-upload>`);
    engine.show(...uploads);
    await element.updateComplete;
    return { element, engine };
  };
  const failed = (name: string) => snapshot({ name, state: 'failed', error: errorOf('storage') });
  const actionsOf = (element: FastioUpload) =>
    findAll(element, '.summary [data-action]').map(({ dataset }) => dataset.action);

  it('shows why the only upload failed, and retries it', async () => {
    const { element, engine } = await show(failed('film.mp4'), snapshot({ state: 'done' }));
    expect(textOf(find(element, '.summary-text'))).to.equal('1 file failed 1 of 2 uploaded · 1.8 of 3.6 GB');
    const line = find(element, '.failure .status.bad');
    expect(textOf(line)).to.equal("film.mp4 · The storage couldn't save the file. Try again.");
    find(element, '[data-action=retry-all]').click();
    expect(engine.calls.at(-1)).to.deep.equal(['retry', engine.uploads[0]?.id]);
  });

  it('tells a failure in a line of its own while others are under way, and one button stands out', async () => {
    const { element } = await show(failed('film.mp4'), snapshot({ state: 'uploading' }));
    expect(textOf(find(element, '.summary-text'))).not.to.contain('failed');
    expect(textOf(find(element, '.failure .status.bad'))).to.contain('film.mp4 · ');
    const filled = findAll(element, '.summary button:not(.quiet)').map(({ dataset }) => dataset.action);
    expect(filled).to.deep.equal(['pause-all']);
  });

  it('does not restart canceled uploads when all failed ones are retried', async () => {
    const { element, engine } = await show(failed('a.mp4'), snapshot({ state: 'canceled' }), failed('b.mp4'));
    find(element, '[data-action=retry-all]').click();
    const [first, , third] = engine.uploads;
    const retries = engine.calls.filter(([name]) => name === 'retry');
    expect(retries).to.deep.equal([
      ['retry', first?.id],
      ['retry', third?.id],
    ]);
  });

  it('offers no retry for errors that it cannot fix', async () => {
    const { element } = await show(snapshot({ state: 'failed', error: errorOf('source-changed') }));
    expect(textOf(find(element, '.failure'))).to.contain('The file changed during upload.');
    expect(actionsOf(element)).to.deep.equal(['choose-failed', 'remove-failed']);
  });

  it('shows that the user has to sign in', async () => {
    const { element } = await show(snapshot({ state: 'paused', reason: 'needs-sign-in' }));
    expect(textOf(find(element, '.summary-text'))).to.contain("You've been signed out. Sign in to continue");
    expect(actionsOf(element)).to.deep.equal(['resume-all', 'cancel-all']);
  });

  it('removes failed uploads with a change event, also in a form, where stored files stay', async () => {
    const { element, engine } = await show(
      failed('a.mp4'),
      failed('b.mp4'),
      snapshot({ name: 'c.mp4', state: 'done' }),
    );
    expect(actionsOf(element)).to.deep.equal(['retry-all', 'remove-failed']);
    expect(element.validity.valid).to.equal(false);
    const changed = oneEvent(element, 'change');
    find(element, '[data-action=remove-failed]').click();
    await changed;
    await element.updateComplete;
    expect(engine.uploads.map(({ name }) => name)).to.deep.equal(['c.mp4']);
    expect(element.validity.valid).to.equal(true);
    expect(actionsOf(element)).to.deep.equal([]);
  });
});

describe('a long list', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => snapshot({ id: `id-${index}`, name: `${index}.txt` }));

  it('has few rows for ten thousand files, with their positions', async () => {
    const { element, engine } = await bind();
    engine.show(...many(10_000));
    await element.updateComplete;
    const rows = findAll(element, 'li');
    expect(rows.length).to.be.within(8, 80);
    expect([rows[0]?.getAttribute('aria-posinset'), rows[0]?.getAttribute('aria-setsize')]).to.deep.equal([
      '1',
      '10000',
    ]);
    expect(find(element, '.list').offsetHeight).to.be.greaterThan(300_000);
  });

  it('shows the rows that are scrolled to', async () => {
    const { element, engine } = await bind();
    engine.show(...many(10_000));
    await element.updateComplete;
    const scroller = find(element, '.scroller');
    await until(() => {
      scroller.scrollTop = scroller.scrollHeight;
      return findAll(element, 'li').at(-1)?.dataset.id === 'id-9999';
    }, 'the last row is there');
    expect(findAll(element, 'li').length).to.be.lessThan(81);
    scroller.scrollTop = scroller.scrollHeight / 2;
    await until(() => findAll(element, 'li').some(({ dataset }) => dataset.id === 'id-5000'), 'the middle is there');
  });

  it('renders rows before they are scrolled to', async () => {
    const { element, engine } = await bind();
    engine.show(...many(10_000));
    await element.updateComplete;
    const scroller = find(element, '.scroller');
    const ahead = () =>
      (findAll(element, 'li').at(-1)?.getBoundingClientRect().bottom ?? 0) -
      Math.min(scroller.getBoundingClientRect().bottom, window.innerHeight);
    await until(() => ahead() > 200, 'a margin is rendered');
    scroller.scrollTop = ahead() - 100;
    await until(() => ahead() > 200, 'the margin is rendered again');
  });

  it('shows all visible rows, and then stops rendering', async () => {
    const style = document.createElement('style');
    style.textContent = `fastio-upload { --fastio-upload-list-max-height: none }
      fastio-upload::part(row) { block-size: 4px; padding: 0; overflow: hidden }`;
    document.head.append(style);
    const { element, engine } = await bind();
    engine.show(...many(300));
    await element.updateComplete;
    find(element, '.list').scrollIntoView();
    const fitting = Math.floor((window.innerHeight - find(element, '.list').getBoundingClientRect().top) / 4);
    expect(fitting).to.be.greaterThan(80);
    await until(() => findAll(element, 'li').length >= Math.min(fitting, 300), 'all visible rows are there');
    let renderings = 0;
    const hostUpdated = () => {
      renderings += 1;
    };
    element.addController({ hostUpdated });
    await until(async () => {
      renderings = 0;
      for (let frame = 0; frame < 10; frame += 1) await new Promise(requestAnimationFrame);
      return renderings === 0;
    }, 'ten frames without a rendering');
    style.remove();
  });

  it('keeps the focused row when it is scrolled out of sight', async () => {
    const { element, engine } = await bind();
    engine.show(...many(1_000));
    await element.updateComplete;
    const button = find(element, '[data-id=id-2] button');
    button.focus();
    const scroller = find(element, '.scroller');
    await until(() => {
      scroller.scrollTop = scroller.scrollHeight;
      return findAll(element, 'li').at(-1)?.dataset.id === 'id-999';
    }, 'the last row is there');
    expect(element.shadowRoot?.activeElement).to.equal(button);
  });

  it('renders only the row that changed', async () => {
    const { element, engine } = await bind();
    engine.show(...many(3));
    await element.updateComplete;
    const changed: (string | undefined)[] = [];
    const observer = new MutationObserver((records) => {
      for (const { target } of records) changed.push(target.parentElement?.closest('li')?.dataset.id);
    });
    observer.observe(find(element, '.list'), { subtree: true, childList: true, characterData: true });
    engine.change('id-1', { state: 'preparing' });
    await element.updateComplete;
    await Promise.resolve();
    observer.disconnect();
    expect(new Set(changed.filter((id) => id !== undefined))).to.deep.equal(new Set(['id-1']));
  });
});
