/** The page of `film.ts`: one element, and files whose handles outlast a reload. */

import '../../src/define.js';
import { drawPhoto, type LightName } from './drawn-photo.js';

interface Chosen {
  readonly name: string;
  readonly blob: Blob;
}

const photo = async (name: string, light: LightName, megabytes: number): Promise<Chosen> => {
  const picture = await drawPhoto(light);
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
    await photo('harbour-at-dawn.jpg', 'dawn', 6.2),
    random('Interview, second camera.mp4', 22),
    await photo('last-evening.jpg', 'evening', 8.9),
    random('contract (signed).pdf', 5),
  ];
  element.addFiles(await Promise.all(chosen.map(handleOf)));
};

Object.assign(window, { chooseAll });
document.title = 'ready';
