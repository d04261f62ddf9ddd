/**
 * The questions that Chromium itself puts to its user, and the user's answer. They are windows of the browser, which the
 * protocol of pages cannot see, and permission for files cannot be set through it either. The protocol for the browser's
 * own surface sees them, also without a screen.
 */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeWebSocketTransport } from 'puppeteer-core/internal/node/NodeWebSocketTransport.js';

/** Chromium takes no click on a question before the user can have seen it, in milliseconds. */
const UNSEEN_MS = 600;
const POLL_MS = 100;

interface Node {
  readonly nodeId: number;
  readonly attributes?: readonly string[];
  readonly children?: readonly Node[];
}

interface Answer {
  readonly id?: number;
  readonly result?: { readonly root?: Node };
  readonly error?: { readonly message: string };
}

const isA = ({ attributes = [] }: Node, name: string): boolean => attributes.some((value) => value.includes(name));

const below = (node: Node): readonly Node[] => [node, ...(node.children ?? []).flatMap(below)];

export class BrowserQuestions {
  /** For the browser's command line; without them nothing of this works. */
  static readonly FLAGS = [
    '--enable-ui-devtools=0',
    '--enable-features=ui-debug-tools-enable-synthetic-events',
  ] as const;

  readonly #transport: NodeWebSocketTransport;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #sent = 0;

  private constructor(transport: NodeWebSocketTransport) {
    this.#transport = transport;
    transport.onmessage = (message) => {
      const answer = JSON.parse(String(message)) as Answer;
      if (answer.id !== undefined) this.#waiting.get(answer.id)?.(answer);
    };
  }

  /** @param profile folder of a browser that runs with `FLAGS`; after a restart it has to be asked for again. */
  static async of(profile: string): Promise<BrowserQuestions> {
    const [port] = (await readFile(join(profile, 'UIDevToolsActivePort'), 'utf8')).split('\n');
    const questions = new BrowserQuestions(await NodeWebSocketTransport.create(`ws://127.0.0.1:${port}/0`));
    await questions.#send('DOM.enable');
    return questions;
  }

  /** Waits for a question and says yes to it: the site may read the file. */
  async allow(timeoutMs?: number): Promise<void> {
    await this.#answer((buttons) => buttons[1], timeoutMs);
  }

  /** Waits for a question and says no to it. */
  async refuse(timeoutMs?: number): Promise<void> {
    await this.#answer((buttons) => (buttons.length > 2 ? buttons.at(-1) : buttons[0]), timeoutMs);
  }

  /** Whether the browser asks something right now. */
  async isAsking(): Promise<boolean> {
    return (await this.#buttons()).length > 0;
  }

  close(): void {
    this.#transport.close();
  }

  /** Two buttons are "no" and "yes"; three are "this time", "on every visit" and "no", about all files of the site. */
  async #answer(choose: (buttons: readonly number[]) => number | undefined, timeoutMs = 20_000): Promise<void> {
    const until = performance.now() + timeoutMs;
    while (!(await this.isAsking())) {
      assert.ok(performance.now() < until, 'the browser asked nothing');
      await delay(POLL_MS);
    }
    await delay(UNSEEN_MS);
    const nodeId = choose(await this.#buttons());
    assert.ok(nodeId !== undefined, 'the question has a button');
    for (const type of ['mousePressed', 'mouseReleased']) {
      const event = { type, x: 10, y: 10, button: 'left', wheelDirection: 'none' };
      await this.#send('DOM.dispatchMouseEvent', { nodeId, event });
    }
  }

  /** Of the dialog that is open; every other window of the browser has one button at most. */
  async #buttons(): Promise<readonly number[]> {
    const { result } = await this.#send('DOM.getDocument');
    const rows = result?.root === undefined ? [] : below(result.root).filter((node) => isA(node, 'ButtonRowContainer'));
    const buttons = rows.map((row) => below(row).filter((node) => isA(node, 'MdTextButton')));
    return buttons.find(({ length }) => length > 1)?.map(({ nodeId }) => nodeId) ?? [];
  }

  async #send(method: string, params: object = {}): Promise<Answer> {
    const id = ++this.#sent;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#transport.send(JSON.stringify({ id, method, params }));
    const answer = await answered;
    this.#waiting.delete(id);
    assert.ok(answer.error === undefined, `${method}: ${answer.error?.message}`);
    return answer;
  }
}
