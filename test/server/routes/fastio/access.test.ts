/** Refusals of the upstream that no retry can change, and those that pass. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CHUNK, chunk, currentUpstream, fastioOver, openUp, SESSION } from './support.js';

/** What the browser is answered, and what the operator's log is told. */
const answered = async (status: number, error: object) => {
  const causes: string[] = [];
  const upstream = currentUpstream();
  const send = fastioOver(upstream, { onError: ({ cause }) => void causes.push(String((cause as Error).message)) });
  const path = `/current/upload/${await openUp(send)}/chunk/${CHUNK}`;
  upstream.on(`POST ${SESSION}chunk/`, () => Response.json({ result: 'no', error }, { status }));
  const response = await send('POST', path, chunk());
  const text = await response.text();
  return { status: response.status, text, causes };
};

describe('a refusal by a policy of the upstream', () => {
  for (const [status, reason] of [
    [403, 'geo_restricted'],
    [403, 'credential_policy_scope'],
    [401, 'credential_policy_expired'],
  ] as const) {
    it(`is final for the browser, and its reason is told to the log: ${status} ${reason}`, async () => {
      const { status: sent, text, causes } = await answered(status, { code: 10_999, params: { reason } });

      assert.equal(sent, 403);
      assert.equal(causes.length, 1);
      assert.match(causes[0] ?? '', new RegExp(`${status}.*${reason}`));
      assert.doesNotMatch(text, new RegExp(reason));
    });
  }

  it('passes where the policy cannot be looked up: 503 access_policy_unavailable', async () => {
    const { status, causes } = await answered(503, { code: 10_999, params: { reason: 'access_policy_unavailable' } });

    assert.equal(status, 502);
    assert.match(causes[0] ?? '', /503.*access_policy_unavailable/);
  });
});
