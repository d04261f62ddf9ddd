import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonOf, withEmulator } from '../api-client.js';

describe('fault script', () => {
  for (const [what, script] of Object.entries<unknown>({
    'an unknown action': [{ action: { type: 'explode' } }],
    'no action': [{}],
    'a misspelt counter': [{ time: 1, action: { type: 'swallow' } }],
    'a misspelt field of an action': [{ action: { type: 'reset', bytes: 1 } }],
    'a missing field': [{ action: { type: 'delay' } }],
    'a path that is no expression': [{ match: { path: '(' }, action: { type: 'swallow' } }],
    'rules that are no list': { rules: {} },
    text: 'nonsense',
  })) {
    it(`refuses ${what}`, () =>
      withEmulator({}, async (emulator) => {
        const init = { method: 'POST', body: JSON.stringify(script) };
        const answer = await fetch(`${emulator.url}/emulator/faults`, init);
        assert.equal(answer.status, 400);
        assert.match((await jsonOf(answer)).error.message, /fault script/);
      }));
  }
});
