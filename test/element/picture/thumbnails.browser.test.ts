import { expect, html } from '@open-wc/testing';
import { imageSizeOf } from '../../../src/element/picture/image-size.js';
import { makeThumbnail } from '../../../src/element/picture/thumbnail-maker.js';
import { until } from '../../support/until.js';
import { type Bound, bind, fileNamed, find, findAll } from '../support.js';

const picture = (width: number, height: number, type = 'image/png'): Promise<Blob> =>
  new Promise((resolve, reject) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (context) {
      context.fillStyle = '#c03';
      context.fillRect(0, 0, width, height);
    }
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), type);
  });

const pictureFile = async (name = 'dawn.png', type = 'image/png'): Promise<File> =>
  new File([await picture(300, 200, type)], name, { type });

/** The head of a PNG that claims to be as large; nothing follows it. */
const claimed = (width: number, height: number): Blob => {
  const head = new DataView(new ArrayBuffer(33));
  head.setUint32(0, 0x89504e47);
  head.setUint32(4, 0x0d0a1a0a);
  head.setUint32(16, width);
  head.setUint32(20, height);
  return new Blob([head.buffer], { type: 'image/png' });
};

/** The same picture, of which a camera says that it lies on its side. */
const turned = async (jpeg: Blob): Promise<Blob> => {
  const exif = new DataView(new ArrayBuffer(36));
  exif.setUint16(0, 0xffe1);
  exif.setUint16(2, 34);
  exif.setUint32(4, 0x45786966);
  // Big-endian, with one entry: orientation, a short, one of them, a quarter to the right.
  exif.setUint32(10, 0x4d4d002a);
  exif.setUint32(14, 8);
  exif.setUint16(18, 1);
  exif.setUint16(20, 0x0112);
  exif.setUint16(22, 3);
  exif.setUint32(24, 1);
  exif.setUint16(28, 6);
  const whole = new Blob([jpeg.slice(0, 2), exif.buffer, jpeg.slice(2)]);
  // In one piece, as files are: Firefox does not know the type of a picture whose first piece is two bytes long.
  return new Blob([await whole.arrayBuffer()], { type: 'image/jpeg' });
};

const canvasOf = ({ element }: Bound): HTMLCanvasElement | null =>
  element.shadowRoot?.querySelector<HTMLCanvasElement>('li canvas') ?? null;

const shown = (bound: Bound) => until(() => canvasOf(bound)?.hidden === false, 'the picture is there');

describe('the size of a picture', () => {
  it('is read from the head of what browsers write', async () => {
    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      const blob = await picture(300, 200, type);
      expect(await imageSizeOf(blob), blob.type).to.deep.equal({ width: 300, height: 200 });
    }
  });

  it('is the size as it is shown, if the picture was taken on its side', async () => {
    const blob = await turned(await picture(300, 200, 'image/jpeg'));
    expect(await imageSizeOf(blob)).to.deep.equal({ width: 200, height: 300 });
  });

  it('is unknown for other files', async () => {
    for (const content of ['', 'RIFF', '<svg xmlns="http://www.w3.org/2000/svg"/>', '\xff\xd8\xff']) {
      expect(await imageSizeOf(new Blob([content])), content).to.equal(null);
    }
  });
});

describe('a thumbnail', () => {
  it('is small, in the shape of the picture', async () => {
    const bitmap = await makeThumbnail(await picture(600, 300), 96);
    expect([bitmap?.width, bitmap?.height]).to.deep.equal([192, 96]);
    bitmap?.close();
  });

  it('is as sharp and upright for a picture that was taken on its side', async () => {
    const bitmap = await makeThumbnail(await turned(await picture(600, 300, 'image/jpeg')), 96);
    expect([bitmap?.width, bitmap?.height]).to.deep.equal([96, 192]);
    bitmap?.close();
  });

  it('is not made of pictures that would need too much memory, however small the file', async () => {
    expect(await makeThumbnail(claimed(30_000, 30_000), 96)).to.equal(null);
    expect(await makeThumbnail(claimed(100_000, 1), 96)).to.equal(null);
  });

  it('is not made of damaged pictures and markup', async () => {
    expect(await makeThumbnail(claimed(10, 10), 96)).to.equal(null);
    expect(await makeThumbnail(new Blob(['<svg/>'], { type: 'image/svg+xml' }), 96)).to.equal(null);
  });
});

describe('thumbnails in the list', () => {
  for (const [width, side] of [
    [640, 48],
    [720, 56],
  ] as const) {
    it(`cover the badge of an image: ${width} px`, async () => {
      const bound = await bind(html`<div style="inline-size: ${width}px">
        <fastio-upload multiple></fastio-upload>
      </div>`);
      bound.element.addFiles([await pictureFile()]);
      await shown(bound);
      expect(canvasOf(bound)?.height).to.equal(Math.ceil(side * devicePixelRatio));
    });
  }

  it('are left out for markup and for other files', async () => {
    const bound = await bind();
    bound.element.addFiles([fileNamed('a.svg', 3, 'image/svg+xml'), fileNamed('b.pdf', 3, 'application/pdf')]);
    await bound.element.updateComplete;
    expect(canvasOf(bound)).to.equal(null);
    expect(findAll(bound.element, '.badge').map((badge) => badge.textContent?.trim())).to.deep.equal(['SVG', 'PDF']);
  });

  it('are made when they become visible and freed when they no longer are', async () => {
    const bound = await bind();
    bound.element.addFiles([
      ...Array.from({ length: 30 }, (_, index) => fileNamed(`${index}.txt`)),
      await pictureFile(),
    ]);
    await bound.element.updateComplete;
    bound.element.style.setProperty('--fastio-upload-list-max-height', '8rem');
    const scroller = find(bound.element, '.scroller');
    // Time enough for what must not happen: another picture in sight is made meanwhile.
    const other = await bind();
    other.element.addFiles([await pictureFile('other.png')]);
    await other.element.updateComplete;
    find(other.element, 'li').scrollIntoView();
    await shown(other);
    expect(canvasOf(bound)?.hidden).to.equal(true);
    scroller.scrollIntoView();
    scroller.scrollTop = scroller.scrollHeight;
    await shown(bound);
    scroller.scrollTop = 0;
    await until(() => canvasOf(bound)?.hidden === true, 'the picture is given back');
  });

  it('return with an element that was removed for a while', async () => {
    const bound = await bind();
    bound.element.addFiles([await pictureFile()]);
    await shown(bound);
    const place = bound.element.parentElement;
    bound.element.remove();
    await until(() => canvasOf(bound)?.hidden === true, 'the picture is given back');
    place?.append(bound.element);
    await shown(bound);
  });
});
