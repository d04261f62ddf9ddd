/** The recipe brings the Worker to a stand-in of Cloudflare's API; what arrived there runs in workerd. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { inClone } from './support/clone.js';
import { type Deployed, startCloudflareApi } from './support/cloudflare-api.js';
import { outlivesLeavingClients } from './support/leaving-clients.js';
import { peakMiB, resetPeak } from './support/memory.js';
import { recipe } from './support/readme.js';
import { run, type Storage, valuesFor } from './support/runtime.js';
import { takesAFolder } from './support/takes-a-folder.js';
import { runDeployed, type Workerd } from './support/workerd.js';

const MiB = 2 ** 20;

/** As `demo/worker/wrangler.jsonc` says. */
const NAME = 'fastio-upload-demo';

/** Answers what arrived at the API. */
const deploy = async (storage: Storage, clone: string): Promise<Deployed> => {
  const api = await startCloudflareApi();
  try {
    const commands = recipe('Cloudflare', { ...valuesFor(storage), ...api.values });
    // wrangler keeps its notes, and a login, in the user's folder of settings; the recipe must do without.
    await run({ commands, cwd: clone, env: { ...api.env, XDG_CONFIG_HOME: join(clone, 'settings') } });
    return api.deployed(NAME);
  } finally {
    await api.close();
  }
};

const startDeployed = (storage: Storage): Promise<Workerd> =>
  inClone(async (clone) => {
    const deployed = await deploy(storage, clone);
    return runDeployed(deployed, join(clone, 'demo', 'worker'), new URL(storage.url).host);
  });

describe('The gateway on Cloudflare, by its recipe and in workerd', () => {
  const started = takesAFolder(startDeployed);

  outlivesLeavingClients(started);

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
