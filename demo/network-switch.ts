/** Makes the network bad, by a fault script at the emulator's door. */

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

const REMEMBERED = 'bad-network';

const post = async (script: unknown): Promise<void> => {
  const response = await fetch('/emulator/faults', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(script),
  });
  if (!response.ok) throw new Error(`The emulator answered ${response.status}.`);
};

export interface NetworkPlaces {
  readonly toggle: HTMLInputElement;
  readonly note: HTMLElement;
}

/** The switch survives a reload of the tab, because reloading on a bad network is what one wants to try. */
export const wireNetworkSwitch = ({ toggle, note }: NetworkPlaces): void => {
  toggle.checked = sessionStorage.getItem(REMEMBERED) !== null;
  toggle.addEventListener('change', async () => {
    const isBad = toggle.checked;
    try {
      await post(isBad ? BAD_NETWORK : {});
      note.textContent = isBad ? 'The network is bad now. Uploads should get through all the same.' : '';
      if (isBad) sessionStorage.setItem(REMEMBERED, 'yes');
      else sessionStorage.removeItem(REMEMBERED);
    } catch (error) {
      toggle.checked = !isBad;
      note.textContent = `The switch did not work: ${error instanceof Error ? error.message : String(error)}`;
    }
  });
};
