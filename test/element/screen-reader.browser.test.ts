/** What a screen reader says from beginning to end: a session of 20 files, some of which fail. */

import { virtual } from '@guidepup/virtual-screen-reader/browser.js';
import { expect, fixture, html } from '@open-wc/testing';
import { until } from '../support/until.js';
import { errorOf, FakeEngine, snapshot } from './fake-engine.js';
import '../../src/define.js';
import type { FastioUpload } from '../../src/index.js';
import { find, textOf } from './support.js';

const COUNT = 20;
const FAILED = new Set([3, 11]);

/** Names as a camera gives them. */
const nameOf = (index: number): string => `IMG_02${String(index).padStart(2, '0')}.jpg`;

/** The list as it stands at the end, below one label. */
const ended = async (): Promise<{ element: FastioUpload; engine: FakeEngine }> => {
  const page = await fixture<HTMLElement>(html`<main><fastio-upload multiple max-files="20"></fastio-upload></main>`);
  const element = page.querySelector('fastio-upload') as FastioUpload;
  const engine = new FakeEngine();
  element.engine = engine.asEngine();
  engine.show(
    ...Array.from({ length: COUNT }, (_, index) =>
      snapshot({
        name: nameOf(index),
        size: 2e6,
        type: 'image/jpeg',
        ...(FAILED.has(index) ? { state: 'failed', error: errorOf('checksum-mismatch') } : { state: 'done' }),
      }),
    ),
  );
  await element.updateComplete;
  return { element, engine };
};

/** Everything that the reader comes to from the first to the last thing, as it says it. */
const readThrough = async (container: Node): Promise<readonly string[]> => {
  await virtual.start({ container });
  try {
    // After the last thing it begins again.
    const first = virtual.activeNode;
    const phrase = await virtual.lastSpokenPhrase();
    do await virtual.next();
    while (virtual.activeNode !== first || (await virtual.lastSpokenPhrase()) !== phrase);
    return (await virtual.spokenPhraseLog()).slice(0, -1);
  } finally {
    await virtual.stop();
  }
};

describe('a session of 20 files with errors for a screen reader', () => {
  it('reads each file with its result, and each button with its file', async () => {
    const { element } = await ended();
    const root = find(element, '.root');
    const log = await readThrough(root);
    const spoken = log.join('\n');
    expect(spoken).to.contain('button, Add more, Up to 20 files');
    expect(spoken).to.contain('list, Files');
    for (let index = 0; index < COUNT; index += 1) expect(spoken).to.contain(nameOf(index));
    expect(log.filter((phrase) => phrase.startsWith('button, Try again: '))).to.deep.equal(
      [...FAILED].map((index) => `button, Try again: ${nameOf(index)}`),
    );
    // Nothing is read without words.
    expect(log.filter((phrase) => /^(button|image|img|graphic)(, )?$/.test(phrase))).to.deep.equal([]);
    // Nothing is said twice in a row, and no description repeats a name.
    expect(log.filter((phrase, index) => phrase === log[index - 1])).to.deep.equal([]);
    const repeated = log.filter((phrase) => {
      const [, name, ...rest] = phrase.split(', ');
      return name !== undefined && name !== '' && rest.includes(name);
    });
    expect(repeated).to.deep.equal([]);
    const at = log.indexOf('IMG_0203.jpg');
    expect(log.slice(at - 1, at + 5)).to.deep.equal([
      'listitem, level 1, position 1, set size 20',
      'IMG_0203.jpg',
      "The file was damaged on the way and wasn't saved. Try again.",
      'button, Try again: IMG_0203.jpg',
      'Try again',
      'end of button, Try again: IMG_0203.jpg',
    ]);
  });

  it('announces the end with the names of failed files', async () => {
    const { element, engine } = await ended();
    for (const upload of engine.uploads) {
      if (upload.state === 'failed') engine.emit('upload-failed', { upload, error: errorOf('checksum-mismatch') });
      else engine.emit('upload-complete', { upload, fileId: upload.id, result: null });
    }
    engine.emit('queue-complete', { completed: [], failed: [], canceled: [] });
    const region = find(element, '[role=status]');
    await until(() => textOf(region).includes('failed'), 'the end is spoken');
    expect(textOf(region)).to.equal('18 files uploaded. \u200eIMG_0203.jpg and IMG_0211.jpg failed.');
  });
});
