/** An edit form with two stored files, as a user changes it: one is removed, another is uploaded. */

import type { FastioUpload, StoredEntry } from '../../src/index.js';

export const STORED: readonly StoredEntry[] = [
  { fileId: 'f1', name: 'plan.pdf' },
  { fileId: 'f2', name: 'notes.txt' },
];

/** What the form sends afterwards. The page server stores each file as `stored`. */
export const editForm = async (element: FastioUpload): Promise<readonly (readonly [string, unknown])[]> => {
  const notes = element.uploads.find(({ name }) => name === 'notes.txt');
  if (notes === undefined || element.form === null) throw new Error('the stored files are not in a form');
  element.remove(notes.id);
  const stored = new Promise((resolve) => element.addEventListener('upload-complete', resolve, { once: true }));
  element.addFiles([new File(['x'], 'new.txt')]);
  await stored;
  return [...new FormData(element.form)];
};

/** What that has to be. */
export const EDITED = [
  ['files', 'f1'],
  ['files', 'stored'],
  ['files-removed', 'f2'],
] as const;
