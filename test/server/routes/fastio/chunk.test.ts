import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signalled } from '../../support/loopback.js';
import { refusal } from '../../support/scripted-upstream.js';
import { asMultipart, CHUNK, chunk, currentUpstream, fastioOver, formOf, openUp, SESSION } from './support.js';

describe('fastio chunk', () => {
  it('relays the bytes under fields of the query, and the pace back', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream);
    const query = `${CHUNK}&hash=e3069283&hash_algo=crc32c&file_crc32c=e3069283&instance_id=evil`;
    const response = await send('POST', `/current/upload/${await openUp(send)}/chunk/${query}`, chunk());
    assert.deepEqual(await response.json(), { result: true, order: 1, size: 5 });
    assert.equal(response.headers.get('x-ve-limit-avail'), '7');
    const [asked] = upstream.asked(`POST ${SESSION}chunk/`);
    assert.ok(asked);
    assert.equal(asked.query, 'order=1&size=5&hash=e3069283&hash_algo=crc32c&file_crc32c=e3069283');
    assert.deepEqual(await formOf(asked), { chunk: 'file:12345' });
    assert.equal(asked.headers.get('content-length'), String(asked.text.length));
  });

  it('finds the fields in the form as well, as the guides have them', async () => {
    const upstream = currentUpstream();
    const send = fastioOver(upstream);
    const sent = asMultipart({ order: '2', size: '5', instance_id: 'evil' }, { chunk: new Blob(['12345']) });
    assert.equal((await send('POST', `/current/upload/${await openUp(send)}/chunk/`, sent)).status, 200);
    assert.equal(upstream.asked(`POST ${SESSION}chunk/`)[0]?.query, 'order=2&size=5');
  });

  it('does not believe a size or an order', async () => {
    const send = fastioOver(currentUpstream());
    const path = `/current/upload/${await openUp(send)}/chunk/`;
    const put = async (query: string, text: string) => refusal(await send('POST', `${path}${query}`, chunk(text)));
    assert.deepEqual(await put('?order=1&size=5', '123456'), [413, 'too-large']);
    assert.deepEqual(await put('?order=1&size=5', '1234'), [400, 'bad-request']);
    assert.deepEqual(await put('?order=1&size=10', '1234567890'), [413, 'too-large']);
    for (const order of ['0', '0x1', '1e0', '01', `${2 ** 53 - 1}`]) {
      assert.deepEqual(await put(`?order=${order}&size=5`, '12345'), [400, 'bad-request']);
    }
    assert.deepEqual(await put('?order=1&size=5&file_crc32c=X', '12345'), [400, 'bad-request']);
  });

  it('relays three of a session at once: one more would make the upstream hold back all users', async () => {
    const arrived = [signalled(), signalled(), signalled()];
    const go = signalled();
    const upstream = currentUpstream();
    upstream.on(`POST ${SESSION}chunk/`, async () => {
      arrived[upstream.asked(`POST ${SESSION}chunk/`).length - 1]?.resolve();
      await go.promise;
      return Response.json({ result: true });
    });
    const send = fastioOver(upstream);
    const path = `/current/upload/${await openUp(send)}/chunk/${CHUNK}`;
    const three = arrived.map(() => send('POST', path, chunk()));
    await Promise.all(arrived.map(({ promise }) => promise));
    const fourth = await send('POST', path, chunk());
    assert.equal(fourth.headers.get('retry-after'), '1');
    assert.deepEqual(await refusal(fourth), [429, 'rate-limited']);
    go.resolve();
    for (const answer of await Promise.all(three)) assert.equal(answer.status, 200);
    assert.equal((await send('POST', path, chunk())).status, 200);
    assert.equal(upstream.asked(`POST ${SESSION}chunk/`).length, 4);
  });

  it('refuses a body that is no form, or holds another file', async () => {
    const send = fastioOver(currentUpstream());
    const path = `/current/upload/${await openUp(send)}/chunk/${CHUNK}`;
    assert.deepEqual(await refusal(await send('POST', path, { body: '12345' })), [400, 'bad-request']);
    const other = asMultipart({}, { other: new Blob(['12345']) });
    assert.deepEqual(await refusal(await send('POST', path, other)), [400, 'bad-request']);
  });

  const failures: [number, object, [number, string, number | undefined]][] = [
    [406, { code: 10522 }, [400, 'bad-request', 10522]],
    [406, { code: 10778 }, [400, 'bad-request', 10778]],
    [409, { code: '10779' }, [400, 'bad-request', 10779]],
    [402, { code: 1688 }, [402, 'upstream', undefined]],
    [200, { code: 1688 }, [402, 'upstream', undefined]],
    [200, { code: 199001 }, [400, 'bad-request', undefined]],
    [403, { code: 10767 }, [403, 'upstream', 10767]],
    [403, { code: 10770 }, [403, 'upstream', 10770]],
    [401, { code: 10545 }, [403, 'upstream', 10545]],
    [401, { code: 115069 }, [403, 'upstream', 115069]],
    [403, { code: 10771 }, [403, 'upstream', undefined]],
    [401, { code: 10011 }, [403, 'upstream', undefined]],
    [404, { code: 9992 }, [501, 'upstream', undefined]],
    [404, {}, [404, 'not-found', undefined]],
    [429, { code: 1671 }, [429, 'rate-limited', undefined]],
    [500, {}, [502, 'upstream', undefined]],
  ];

  for (const [status, error, expected] of failures) {
    it(`answers ${expected.join(' ')} when the upstream answers ${status} ${JSON.stringify(error)}`, async () => {
      const upstream = currentUpstream().on(`POST ${SESSION}chunk/`, () =>
        Response.json({ result: 'no', error: { ...error, text: 'key sk_live' } }, { status }),
      );
      const send = fastioOver(upstream);
      const response = await send('POST', `/current/upload/${await openUp(send)}/chunk/${CHUNK}`, chunk());
      const body = await response.json();
      assert.deepEqual([response.status, body.error.code, body.error.error_code], expected);
      assert.doesNotMatch(JSON.stringify(body), /sk_live/);
    });
  }

  it('tells which chunks the upstream has', async () => {
    const send = fastioOver(currentUpstream());
    const response = await send('GET', `/current/upload/${await openUp(send)}/chunk/`);
    assert.deepEqual(await response.json(), { result: true, chunks: { 1: 5, 2: 4 } });
  });
});
