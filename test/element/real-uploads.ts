/** Elements that upload to a real server: `/__grants` names it. */

import type { FastioUpload } from '../../src/index.js';
import { until } from '../support/until.js';
import { fileNamed } from './support.js';

/** Names of the files that it says are stored, as they come. */
export const completed = (element: FastioUpload): string[] => {
  const names: string[] = [];
  element.addEventListener('upload-complete', ({ detail }) => names.push(detail.upload.name));
  return names;
};

/** An element whose requests wait until `open` is called. */
export const heldBack = (name: string) => {
  let open = (_headers: Record<string, string>): void => {};
  const gate = new Promise<Record<string, string>>((resolve) => {
    open = resolve;
  });
  const element = document.createElement('fastio-upload');
  Object.assign(element, { endpoint: '/__grants', protocol: 'presigned', name, headers: () => gate });
  return { element, open: () => open({}) };
};

/** Puts it into the document. */
export const mount = async (element: FastioUpload): Promise<FastioUpload> => {
  document.body.append(element);
  await element.updateComplete;
  return element;
};

/** An element in the document whose uploads, one unless said otherwise, wait as under `heldBack`. */
export const sending = async (name: string, count = 1) => {
  const { element, open } = heldBack(name);
  await mount(element);
  element.multiple = true;
  const rest = Array.from({ length: count - 1 }, (_, index) => fileNamed(`${index}.txt`, 3000));
  element.addFiles([fileNamed('a.txt', 3000), ...rest]);
  await until(() => element.uploads[0]?.state === 'preparing', 'it is under way');
  return { element, open, names: completed(element) };
};
