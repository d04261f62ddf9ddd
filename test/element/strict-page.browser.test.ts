import { expect } from '@open-wc/testing';
import type { FastioUpload } from '../../src/index.js';
import type { StrictWindow } from '../support/strict-page.js';
import { until } from '../support/until.js';
import { find, findAll, textOf } from './support.js';

/** Markup in every place that a page does not control. */
const MARKUP = '<img src=x onerror=alert(1)>';

interface StrictPage {
  readonly element: FastioUpload;
  readonly violations: readonly string[];
  fetch(url: string): Promise<Response>;
  fileNamed(name: string, bits: BlobPart[], type: string): File;
}

const open = async (): Promise<StrictPage> => {
  const frame = document.createElement('iframe');
  frame.src = '/__strict-page.html';
  frame.width = '700';
  frame.height = '600';
  document.body.append(frame);
  await until(
    () => (frame.contentDocument?.querySelector('fastio-upload') as FastioUpload | null)?.shadowRoot,
    'the element is alive',
  );
  const page = frame.contentWindow as unknown as StrictWindow & typeof globalThis;
  return {
    element: page.document.querySelector('fastio-upload') as FastioUpload,
    violations: page.violations,
    fetch: (url) => page.fetch(url),
    // Of the page's own realm, as files of its visitors are.
    fileNamed: (name, bits, type) => new page.File(bits, name, { type }),
  };
};

const png = (): Promise<Blob> =>
  new Promise((resolve) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 200, height: 100 });
    canvas.getContext('2d')?.fillRect(0, 0, 100, 50);
    canvas.toBlob((blob) => resolve(blob ?? new Blob()));
  });

describe('a strict page', () => {
  afterEach(() => document.querySelector('iframe')?.remove());

  it('allows a file from choosing to the end, with a picture, in its language, and blocks nothing', async () => {
    const { element, violations, fileNamed } = await open();
    const picture = fileNamed('dawn.png', [await (await png()).arrayBuffer()], 'image/png');
    element.addFiles([picture, fileNamed('a.txt', ['x'.repeat(500_000)], 'text/plain')]);
    await until(() => element.progress.done === 2, 'both are stored');
    await element.updateComplete;
    await until(() => textOf(find(element, '[part=summary-title]')) === '2 Dateien hochgeladen', 'German');
    await until(() => find<HTMLCanvasElement>(element, 'canvas').hidden === false, 'the picture');
    await element.diagnose();
    expect([...violations]).to.deep.equal([]);
  });

  it('shows names, types and messages of servers as text', async () => {
    const { element, violations, fileNamed } = await open();
    element.addFiles([fileNamed(`${MARKUP}.png`, ['x'], MARKUP)]);
    element.accept = MARKUP;
    await element.updateComplete;
    expect(textOf(find(element, '.hint'))).to.contain('<IMG');
    expect(findAll(element, 'img')).to.deep.equal([]);
    expect(textOf(find(element, 'li .file'))).to.contain(MARKUP);
    expect([...violations]).to.deep.equal([]);
  });

  it('is told only of blocked hosts that uploads need', async () => {
    const { element, violations, fetch } = await open();
    await fetch('https://analytics.example/').catch(() => {});
    await until(() => violations.length > 0, 'the policy refuses it');
    const refused = async () => (await element.diagnose()).filter(({ code }) => code === 'csp');
    expect(await refused()).to.deep.equal([]);
    element.endpoint = 'http://127.0.0.1:9/uploads';
    expect((await refused()).map(({ message }) => message)).to.deep.equal([
      "The page's content security policy refuses requests to http://127.0.0.1:9: add it to connect-src.",
    ]);
  });
});
