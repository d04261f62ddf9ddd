/** Makes the network bad, by a fault script that it posts to the emulator. */

/** Data requests to storage, and parts that the gateway relays. */
const DATA = '^/storage/|/parts$';

const BAD_NETWORK = {
  rules: [
    { match: { method: 'PUT', path: DATA }, probability: 0.08, seed: 1, action: { type: 'status', status: 503 } },
    { match: { method: 'PUT', path: DATA }, probability: 0.08, seed: 2, action: { type: 'reset', afterBytes: 65_536 } },
    { match: { method: 'PUT', path: DATA }, probability: 0.04, seed: 3, action: { type: 'drop-answer' } },
    { match: { path: '^/v1/' }, action: { type: 'delay', ms: 300 } },
    { match: { method: 'PUT', path: DATA }, action: { type: 'bandwidth', bytesPerSecond: 2_000_000 } },
  ],
};

const DOOR = '/emulator/faults';

const post = async (script: unknown): Promise<void> => {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(DOOR, { method: 'POST', headers, body: JSON.stringify(script) });
  if (!response.ok) throw new Error(`the emulator answered ${response.status}.`);
};

const isBad = async (): Promise<boolean> => {
  const script: { readonly rules: readonly unknown[] } = await (await fetch(DOOR)).json();
  return script.rules.length > 0;
};

export interface NetworkPlaces {
  readonly toggle: HTMLInputElement;
  readonly note: HTMLElement;
}

/** The faults are the server's: the switch shows what is in force, also after a reload. */
export const wireNetworkSwitch = async ({ toggle, note }: NetworkPlaces): Promise<void> => {
  toggle.addEventListener('change', async () => {
    const wanted = toggle.checked;
    try {
      await post(wanted ? BAD_NETWORK : {});
      note.textContent = wanted ? 'The network is bad now. Uploads should get through all the same.' : '';
    } catch (error) {
      toggle.checked = !wanted;
      note.textContent = `The switch did not work: ${error instanceof Error ? error.message : String(error)}`;
    }
  });
  toggle.checked = await isBad();
};
