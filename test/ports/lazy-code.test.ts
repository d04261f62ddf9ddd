import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UploadError } from '../../src/ports/errors.js';
import { lazyCode } from '../../src/ports/lazy-code.js';

describe('lazyCode', () => {
  it('loads on the first call, and once for callers at the same time', async () => {
    let loads = 0;
    const code = lazyCode('toys', async () => {
      loads += 1;
      return { toy: loads };
    });
    assert.equal(loads, 0);
    assert.deepEqual(await Promise.all([code(), code()]), [{ toy: 1 }, { toy: 1 }]);
    assert.deepEqual(await code(), { toy: 1 });
  });

  it('reports code that did not come as an error of the network, and loads it at the next call', async () => {
    let isBroken = true;
    const code = lazyCode('toys', async () => {
      if (isBroken) throw new TypeError('Failed to fetch dynamically imported module');
      return 'toy';
    });
    const expected = { code: 'network', retriable: true, message: 'the code for toys could not be loaded' };
    await assert.rejects(code(), expected);
    isBroken = false;
    assert.equal(await code(), 'toy');
  });

  it('passes an upload error as it is, such as that of a protocol which refuses its options', async () => {
    const refusal = new UploadError('configuration', 'no endpoint is set');
    await assert.rejects(lazyCode('toys', () => Promise.reject(refusal))(), refusal);
  });
});
