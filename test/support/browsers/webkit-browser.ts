/**
 * WebKitGTK, which speaks the classic WebDriver protocol only. A driver has one session, and a session is one visitor. It
 * has no headless mode: each runs below a virtual display of its own.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { requireBrowser } from '../../tools/browsers.mjs';
import { type BrowserDriver, needsDevTools, needsProfile, type TabDriver, type Visitor } from './tab-driver.js';

const LOOK_MS = 100;
const START_MS = 120_000;
const READY_MS = 120_000;
const SCRIPT_MS = 240_000;
/** Name under which the protocol sends elements. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const FIND_INPUT = `return document.querySelector('fastio-upload')?.shadowRoot?.querySelector('input.files-input') ?? null`;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Commands go to one window at a time, so they queue. */
class Session {
  readonly #base: string;
  readonly #driver: ChildProcess;
  /** The window that came with the session; stays open and empty, because new ones are made from one that is open. */
  readonly #home: string;
  #last: Promise<unknown> = Promise.resolve();
  #current: string;

  private constructor(base: string, driver: ChildProcess, home: string) {
    this.#base = base;
    this.#driver = driver;
    this.#home = home;
    this.#current = home;
  }

  static async start(isTrusting: boolean): Promise<Session> {
    const port = await freePort();
    const driver = spawn('xvfb-run', ['-a', 'WebKitWebDriver', `--port=${port}`], { stdio: 'ignore', detached: true });
    const base = `http://127.0.0.1:${port}`;
    try {
      const endsAt = Date.now() + START_MS;
      while ((await call(base, 'GET', '/status').catch(() => null)) === null) {
        if (Date.now() > endsAt) throw new Error('WebKitWebDriver does not start');
        await delay(LOOK_MS);
      }
      const alwaysMatch = {
        'webkitgtk:browserOptions': { binary: requireBrowser('webkit'), args: ['--automation'] },
        unhandledPromptBehavior: 'accept',
        acceptInsecureCerts: isTrusting,
        timeouts: { script: SCRIPT_MS },
      };
      const { sessionId } = await call<{ sessionId: string }>(base, 'POST', '/session', {
        capabilities: { alwaysMatch },
      });
      const session = `${base}/session/${sessionId}`;
      return new Session(session, driver, await call<string>(session, 'GET', '/window'));
    } catch (error) {
      endGroup(driver);
      throw error;
    }
  }

  /** In this window. */
  command<T>(window: string, method: string, path: string, body?: object): Promise<T> {
    return this.#inTurn(async () => {
      await this.#goTo(window);
      return call<T>(this.#base, method, path, body);
    });
  }

  newWindow(): Promise<string> {
    return this.#inTurn(async () => {
      await this.#goTo(this.#home);
      const { handle } = await call<{ handle: string }>(this.#base, 'POST', '/window/new', { type: 'tab' });
      return handle;
    });
  }

  async end(): Promise<void> {
    await Promise.race([call(this.#base, 'DELETE', '').catch(() => {}), delay(5_000)]);
    endGroup(this.#driver);
  }

  async #goTo(window: string): Promise<void> {
    if (this.#current !== window) await call(this.#base, 'POST', '/window', { handle: window });
    this.#current = window;
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

const call = async <T>(base: string, method: string, path: string, body?: object): Promise<T> => {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(base + path, { ...init, signal: AbortSignal.timeout(SCRIPT_MS) });
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } };
  if (!response.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
  return value;
};

const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
};

interface Listening {
  toldErrors?: string[];
}

/** The protocol does not tell errors of a page. */
const listenForErrors = (): void => {
  const errors: string[] = [];
  (window as Listening).toldErrors = errors;
  addEventListener('error', ({ message }) => errors.push(message));
  addEventListener('unhandledrejection', ({ reason }) => errors.push(String(reason)));
};

const toldErrors = (): readonly string[] => (window as Listening).toldErrors ?? [];

class WebKitTab implements TabDriver {
  readonly #session: Session;
  readonly #window: string;
  /** Of pages that this tab has left. */
  readonly #earlierErrors: string[] = [];
  #isOpen = true;

  constructor(session: Session, window: string) {
    this.#session = session;
    this.#window = window;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get page(): never {
    throw needsDevTools();
  }

  get cdp(): never {
    throw needsDevTools();
  }

  async visit(url: string): Promise<void> {
    await this.#command('POST', '/url', { url });
  }

  async goto(url: string): Promise<void> {
    await this.visit(url);
    await this.#ready();
  }

  async reload(): Promise<void> {
    this.#earlierErrors.push(...(await this.evaluate(toldErrors)));
    await this.#command('POST', '/refresh', {});
    await this.#ready();
  }

  async choose(paths: readonly string[]): Promise<void> {
    await this.#command('POST', `/element/${await this.#input()}/value`, { text: paths.join('\n') });
  }

  evaluate: TabDriver['evaluate'] = async (act, ...args) => {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve().then(() => (${act})(...arguments[0])).then((value) => JSON.stringify({ value }))
        .then(done, (error) => done(JSON.stringify({ error: String(error) })));`;
    const answer = await this.#command<string>('POST', '/execute/async', { script, args: [args] });
    const { value, error } = JSON.parse(answer);
    if (error !== undefined) throw new Error(error);
    return value;
  };

  async errors(): Promise<readonly string[]> {
    return [...this.#earlierErrors, ...(await this.evaluate(toldErrors))];
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#command('DELETE', '/window');
  }

  async #ready(): Promise<void> {
    await this.#input();
    await this.evaluate(listenForErrors);
  }

  /** Id of the file input, once there is one. */
  async #input(): Promise<string> {
    const endsAt = Date.now() + READY_MS;
    for (;;) {
      const found = await this.#command<Record<string, string> | null>('POST', '/execute/sync', {
        script: FIND_INPUT,
        args: [],
      }).catch(() => null);
      const id = found?.[ELEMENT];
      if (id !== undefined) return id;
      if (Date.now() > endsAt) throw new Error('the element has no file input');
      await delay(LOOK_MS);
    }
  }

  #command<T>(method: string, path: string, body?: object): Promise<T> {
    return this.#session.command<T>(this.#window, method, path, body);
  }
}

export const startWebKitBrowser = async (flags: readonly string[]): Promise<BrowserDriver> => {
  const sessions = new Set<Session>();
  // Virtual displays that start at once take each other's numbers.
  let starting: Promise<unknown> = Promise.resolve();
  return {
    get profile(): never {
      throw needsProfile();
    },
    ownVisitor(): never {
      throw needsProfile();
    },
    async crash() {
      throw needsProfile();
    },
    async newVisitor(): Promise<Visitor> {
      const isTrusting = flags.includes('--ignore-certificate-errors');
      const started = starting.then(() => Session.start(isTrusting));
      starting = started.catch(() => {});
      const session = await started;
      sessions.add(session);
      return {
        newTab: async () => new WebKitTab(session, await session.newWindow()),
        close: async () => {
          sessions.delete(session);
          await session.end();
        },
      };
    },
    async close() {
      await Promise.all([...sessions].map((session) => session.end()));
    },
  };
};
