/** Gives every look the same files, which wait for a click to be uploaded. */

import '../src/define.js';
import { editTheme } from './theme-editor.js';

const picture = async (hue: number): Promise<Blob> => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
  const context = canvas.getContext('2d');
  const colours = context?.createLinearGradient(0, 0, 320, 240);
  colours?.addColorStop(0, `hsl(${hue} 80% 65%)`);
  colours?.addColorStop(1, `hsl(${hue + 70} 90% 80%)`);
  if (context && colours) context.fillStyle = colours;
  context?.fillRect(0, 0, 320, 240);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? new Blob())));
};

const files = [
  new File([await picture(205)], 'harbour-at-dawn.png', { type: 'image/png' }),
  new File([new Uint8Array(6_000_000)], 'Interview, second camera.mp4', { type: 'video/mp4' }),
  new File(['name,value\n'.repeat(8_000)], 'measurements.csv', { type: 'text/csv' }),
];

for (const [index, upload] of document.querySelectorAll('fastio-upload').entries()) {
  Object.assign(upload, {
    endpoint: '/api/uploads',
    noAuto: true,
    noResume: true,
    id: upload.id === 'own' ? 'look-own' : `look-${index}`,
  });
  // Fields are shown as they wait for their file.
  if (!upload.hasAttribute('data-empty')) upload.addFiles(files);
}

const byId = (id: string): HTMLElement => {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no element "${id}".`);
  return element;
};

editTheme({ controls: byId('controls'), css: byId('css'), copy: byId('copy'), target: byId('look-own') });
