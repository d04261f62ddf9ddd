/** The page of `film.ts`: one element, and files whose handles outlast a reload. */

import '../../src/define.js';

interface Chosen {
  readonly name: string;
  readonly blob: Blob;
}

/** A drawn evening at the sea, because a photo would need a licence. */
const draw = async (name: string, hue: number, megabytes: number): Promise<Chosen> => {
  const canvas = new OffscreenCanvas(1600, 1200);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no canvas.');
  const sky = context.createLinearGradient(0, 0, 0, 1200);
  sky.addColorStop(0, `hsl(${hue} 60% 34%)`);
  sky.addColorStop(0.6, `hsl(${hue + 40} 85% 72%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, 1600, 1200);
  context.fillStyle = `hsl(${hue + 50} 95% 88%)`;
  context.beginPath();
  context.arc(1050, 640, 150, 0, 7);
  context.fill();
  for (let ridge = 0; ridge < 3; ridge += 1) {
    context.fillStyle = `hsl(${hue - 10} 45% ${34 - ridge * 10}%)`;
    context.beginPath();
    context.moveTo(0, 1200);
    for (let x = 0; x <= 1600; x += 20)
      context.lineTo(x, 760 + ridge * 130 + 70 * Math.sin(x / (210 - ridge * 40) + hue + ridge));
    context.lineTo(1600, 1200);
    context.fill();
  }
  const picture = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 });
  // As large as a photo: readers of JPEG leave out what stands behind the picture.
  return { name, blob: new Blob([picture, new Uint8Array(megabytes * 1e6)]) };
};

const random = (name: string, mebibytes: number): Chosen => {
  const bytes = new Uint8Array(mebibytes << 20);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  return { name, blob: new Blob([bytes]) };
};

/** Files of the page's own folder: what they stand for may be read after a reload, as files that were dropped may. */
const handleOf = async ({ name, blob }: Chosen): Promise<FileSystemFileHandle> => {
  const folder = await navigator.storage.getDirectory();
  const handle = await folder.getFileHandle(name, { create: true });
  const writable = await handle.createWritable();
  await writable.write(blob);
  await writable.close();
  return handle;
};

const element = document.createElement('fastio-upload');
element.setAttribute('endpoint', new URLSearchParams(location.search).get('endpoint') ?? '');
element.multiple = true;
document.body.append(element);

const chooseAll = async (): Promise<void> => {
  const chosen = [
    await draw('harbour-at-dawn.jpg', 210, 6.2),
    random('Interview, second camera.mp4', 22),
    await draw('last-evening.jpg', 330, 8.9),
    random('contract (signed).pdf', 5),
  ];
  element.addFiles(await Promise.all(chosen.map(handleOf)));
};

Object.assign(window, { chooseAll });
document.title = 'ready';
