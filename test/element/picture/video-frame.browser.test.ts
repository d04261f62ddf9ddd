import { expect } from '@open-wc/testing';
import { makeThumbnail } from '../../../src/element/picture/thumbnail-maker.js';
import { recordVideo } from '../../support/record-video.js';
import { until } from '../../support/until.js';
import { bind, find, findAll } from '../support.js';

/** Of the pixel in the middle: red, green and blue. */
const colourOf = (bitmap: ImageBitmap): number[] => {
  const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
  const context = canvas.getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return [...(context?.getImageData(bitmap.width >> 1, bitmap.height >> 1, 1, 1).data ?? [])].slice(0, 3);
};

const imageFile = async (): Promise<File> => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 30, height: 20 });
  canvas.getContext('2d');
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
  return new File(blob ? [blob] : [], 'image.png', { type: 'image/png' });
};

describe('the picture of a video', () => {
  it('is a frame of it, as small as shown', async function () {
    const file = await recordVideo();
    if (file === null) return this.skip();
    const bitmap = await makeThumbnail(file, 96);
    if (bitmap === null) throw new Error('there is no picture');
    expect([bitmap.width, bitmap.height]).to.deep.equal([128, 96]);
    const [red = 0, green = 0, blue = 0] = colourOf(bitmap);
    expect(red, `${red} ${green} ${blue}`).to.be.above(150);
    expect(Math.max(green, blue)).to.be.below(100);
  });

  it('covers its badge, with a film icon', async function () {
    const file = await recordVideo();
    if (file === null) return this.skip();
    const { element } = await bind();
    element.addFiles([file]);
    await until(() => findAll(element, 'li canvas').some(({ hidden }) => !hidden), 'the frame is there');
    expect(getComputedStyle(find(element, '.film')).display).to.equal('grid');
  });

  it('keeps no image waiting while it takes long', async () => {
    const { element } = await bind();
    const { timeout } = AbortSignal;
    const { createElement } = document;
    // A video that never has a frame, and a clock that stands still.
    AbortSignal.timeout = () => new AbortController().signal;
    document.createElement = ((name: string) =>
      createElement.call(document, name === 'video' ? 'div' : name)) as typeof createElement;
    try {
      element.addFiles([new File(['film'], 'slow.mp4', { type: 'video/mp4' }), await imageFile()]);
      await until(() => findAll(element, 'li canvas')[1]?.hidden === false, 'the image is there');
      expect(findAll(element, 'li canvas')[0]?.hidden).to.equal(true);
    } finally {
      AbortSignal.timeout = timeout;
      document.createElement = createElement;
    }
  });

  it('is missing for what cannot be played, whose badge stays', async () => {
    const broken = new File(['no film'], 'broken.mp4', { type: 'video/mp4' });
    expect(await makeThumbnail(broken, 96)).to.equal(null);
    const { element } = await bind();
    element.addFiles([broken]);
    await element.updateComplete;
    expect(find(element, '.badge b').textContent).to.equal('MP4');
    expect(getComputedStyle(find(element, '.film')).display).to.equal('none');
  });
});
