/** What this machine can draw at best: one line of text for each file, and bare requests that send them. */

import { inWorkers, place, postJson } from '../support/page.ts';

const input = Object.assign(document.createElement('input'), { type: 'file', multiple: true });
const list = document.createElement('div');
list.style.cssText = 'height: 448px; overflow: auto';
place().append(input, list);

const lineFor = ({ name }) => {
  const line = document.createElement('div');
  line.style.height = '64px';
  line.textContent = name;
  return line;
};

input.addEventListener('change', async () => {
  const files = [...input.files];
  list.replaceChildren(...files.map(lineFor));
  const { grants } = await postJson('/app/mint/presigned', { files: files.map(({ name }) => ({ filename: name })) });
  const jobs = files.map((file, index) => ({ body: file, url: grants[index].uploadUrl }));
  await inWorkers(6, jobs, async ({ url, body }) => void (await fetch(url, { method: 'PUT', body })));
});

globalThis.contender = {
  widget: {
    input: () => input,
    listed: () => list.children.length,
    rows: () => list.children.length,
    scroller: () => list,
  },
};
