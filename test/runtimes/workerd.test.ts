import assert from 'node:assert/strict';
import { it } from 'node:test';
import { peakMiB, resetPeak } from './support/memory.js';
import { takesAFolder } from './support/takes-a-folder.js';
import { startWorkerd } from './support/workerd.js';

const MiB = 2 ** 20;

takesAFolder('workerd', startWorkerd, (started) => {
  it('needs no more memory for a chunk of 90 MiB than for one of 5', async (t) => {
    const { url, pid } = started().runtime;
    const api = `${url}/api/uploads/current/upload/`;
    /** Answers the largest resident size while one chunk of this many MiB went through. */
    const send = async (mib: number): Promise<number> => {
      const fields = { name: `chunk-${mib}.bin`, size: String(mib * MiB), action: 'create' };
      const { id } = await (await fetch(api, { method: 'POST', body: new URLSearchParams(fields) })).json();
      const form = new FormData();
      form.append('chunk', new Blob([new Uint8Array(mib * MiB)]), 'chunk.bin');
      await resetPeak(pid);
      const response = await fetch(`${api}${id}/chunk/?order=1&size=${mib * MiB}`, { method: 'POST', body: form });
      assert.equal(response.status, 200, await response.text());
      return peakMiB(pid);
    };
    // The first rounds fill pools and compile code.
    for (let turn = 0; turn < 3; turn++) await send(5);
    const small = await send(5);
    const large = await send(90);
    t.diagnostic(`peak ${small.toFixed(0)} MiB with 5 MiB, ${large.toFixed(0)} MiB with 90 MiB`);
    assert.ok(large - small < 32, `${(large - small).toFixed(0)} MiB more`);
  });
});
