/** The physical limit: raw requests, no library, no progress, URLs known beforehand. */

import { inWorkers, postJson, STORAGE, variant } from '../support/page.ts';

const put = (url, body) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('PUT', url);
    xhr.onload = () => (xhr.status === 200 ? resolve() : reject(new Error(`status ${xhr.status}`)));
    xhr.onerror = () => reject(new Error('no answer'));
    xhr.send(body);
  });

const oneUrl = () => `${STORAGE}/store/put/${crypto.randomUUID()}`;

const SENDERS = {
  /** R1: one request with the file itself. */
  whole: ([file]) => put(oneUrl(), file),
  /** R6: six equal slices at once. */
  slices: async ([file]) => {
    const length = Math.ceil(file.size / 6);
    const slices = Array.from({ length: 6 }, (_, index) => file.slice(index * length, (index + 1) * length));
    await Promise.all(slices.map((slice) => put(oneUrl(), slice)));
  },
  /** Six workers over URLs that one request has brought. */
  workers: async (files) => {
    const { grants } = await postJson('/app/mint/presigned', { files: files.map(({ name }) => ({ filename: name })) });
    const jobs = files.map((file, index) => ({ file, url: grants[index].uploadUrl }));
    await inWorkers(6, jobs, ({ file, url }) => put(url, file));
  },
};

globalThis.contender = { send: SENDERS[variant] };
