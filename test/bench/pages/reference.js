/** The physical limit: raw requests, no library, no progress, URLs known beforehand. */

import { inWorkers, postJson, STORAGE, variant } from '../support/page.ts';

const put = (url, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.onload = () => (xhr.status === 200 ? resolve() : reject(new Error(`status ${xhr.status}`)));
    xhr.onerror = () => reject(new Error('no answer'));
    xhr.send(body);
  });

const slicesOf = (file, length) =>
  Array.from({ length: Math.ceil(file.size / length) }, (_, index) => file.slice(index * length, (index + 1) * length));

/** A session in parts, with the requests that a chunked upload has to make. */
const inSession = async (slices, lanes) => {
  const endpoint = `${STORAGE}/store/chunked`;
  const { upload_id: id } = await postJson(`${endpoint}/init`, { total_size: 0 });
  const parts = slices.map((slice, index) => ({ slice, number: index + 1 }));
  await inWorkers(lanes, parts, ({ slice, number }) =>
    put(`${endpoint}/${id}/parts`, slice, { 'Content-Type': 'application/octet-stream', 'Fastio-Part-Number': number }),
  );
  await postJson(`${endpoint}/${id}/complete`, { parts: parts.map(({ number }) => ({ part_number: number })) });
};

/** Parts whose URLs one request has brought, with the requests that a multipart upload has to make. */
const signed = async (slices, lanes) => {
  const endpoint = '/app/multipart';
  const { upload_id: id } = await postJson(endpoint, {});
  const wanted = slices.map(({ size }, index) => ({ part_number: index + 1, size }));
  const { parts } = await postJson(`${endpoint}/${id}/sign`, { parts: wanted });
  await inWorkers(lanes, parts, ({ part_number: number, url }) => put(url, slices[number - 1]));
  await postJson(`${endpoint}/${id}/complete`, { parts: wanted });
};

const workers = async (count, files) => {
  const { grants } = await postJson('/app/mint/presigned', { files: files.map(({ name }) => ({ filename: name })) });
  const jobs = files.map((file, index) => ({ file, url: grants[index].uploadUrl }));
  await inWorkers(count, jobs, ({ file, url }) => put(url, file));
};

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
  /** A chunked session of six equal parts at once. */
  'session-equal': ([file]) => inSession(slicesOf(file, Math.ceil(file.size / 6)), 6),
  /** A chunked session of parts of 8 MiB, six at a time. */
  'session-8': ([file]) => inSession(slicesOf(file, 8 * 2 ** 20), 6),
  /** Six equal parts at once, by signed URLs. */
  'signed-equal': ([file]) => signed(slicesOf(file, Math.ceil(file.size / 6)), 6),
  /** Parts of 8 MiB by signed URLs, six at a time. */
  'signed-8': ([file]) => signed(slicesOf(file, 8 * 2 ** 20), 6),
  /** Six workers over URLs that one request has brought. */
  workers: (files) => workers(6, files),
  /** As many as HTTP/2 carries well. */
  'workers-24': (files) => workers(24, files),
  /** Six workers that ask for a URL and send, file by file. */
  'workers-each': (files) =>
    inWorkers(6, files, async (file) => {
      const { uploadUrl } = await postJson('/app/mint/presigned', { filename: file.name });
      await put(uploadUrl, file);
    }),
};

globalThis.contender = { send: SENDERS[variant] };
