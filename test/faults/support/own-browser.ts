/** A browser of a scenario's own, with a profile that outlives it: to be killed, stopped, and started again. */

import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer-core';
import { BrowserQuestions } from '../../e2e/support/browser-questions.js';
import { HAS_DEVTOOLS } from '../../support/browsers/browser-name.js';
import { puppeteerVisitor } from '../../support/browsers/puppeteer-browser.js';
import { needsDevTools } from '../../support/browsers/tab-driver.js';
import { makeScratchFolder, removeScratchFolder } from '../../support/scratch-folder.js';
import { CHROMIUM_FLAGS, requireBrowser } from '../../tools/browsers.mjs';
import type { Bench } from './bench.js';
import { LabTab } from './lab-tab.js';

const PROTOCOL_TIMEOUT_MS = 600_000;

export interface OwnBrowserOptions {
  /** Besides the usual ones. */
  readonly flags?: readonly string[];
  /** May not read what no user may, even where the tests run as root. @default false */
  readonly obeysPermissions?: boolean;
}

export class OwnBrowser {
  readonly #profile: string;
  readonly #options: OwnBrowserOptions;
  #browser: Browser | null = null;

  private constructor(profile: string, options: OwnBrowserOptions) {
    this.#profile = profile;
    this.#options = options;
  }

  /** Ends with the bench. */
  static async start(bench: Bench, options: OwnBrowserOptions = {}): Promise<OwnBrowser> {
    if (!HAS_DEVTOOLS) throw needsDevTools();
    const own = new OwnBrowser(await makeScratchFolder('own'), options);
    bench.onClose(async () => {
      await own.kill();
      await removeScratchFolder(own.#profile);
    });
    await own.launch();
    return own;
  }

  /** Again, over the profile as it was left. */
  async launch(): Promise<void> {
    const { flags = [], obeysPermissions = false } = this.#options;
    const chromium = requireBrowser('chromium');
    this.#browser = await puppeteer.launch({
      executablePath: obeysPermissions ? await this.#withoutPrivileges(chromium) : chromium,
      headless: true,
      args: [...CHROMIUM_FLAGS, ...flags],
      userDataDir: this.#profile,
      protocolTimeout: PROTOCOL_TIMEOUT_MS,
      handleSIGINT: false,
    });
  }

  /** Without the capabilities by which root reads and writes whatever the permissions say. */
  async #withoutPrivileges(program: string): Promise<string> {
    if (process.getuid?.() !== 0) return program;
    const path = join(this.#profile, 'browser.sh');
    const dropped = '-dac_override,-dac_read_search';
    const command = `exec setpriv --bounding-set ${dropped} --inh-caps ${dropped} '${program}' "$@"`;
    await writeFile(path, `#!/bin/sh\n${command}\n`, { mode: 0o700 });
    return path;
  }

  /** @param url of a page of the laboratory. */
  async open(bench: Bench, url = bench.url()): Promise<LabTab> {
    return bench.adopt(
      await LabTab.open(puppeteerVisitor(this.#running().defaultBrowserContext()), { recorder: bench.recorder, url }),
    );
  }

  /** What this browser asks its user; it has to run with `BrowserQuestions.FLAGS`. */
  questions(): Promise<BrowserQuestions> {
    return BrowserQuestions.of(this.#profile);
  }

  /** SIGKILL to all its processes at once. */
  async kill(): Promise<void> {
    const browser = this.#browser;
    const process = browser?.process();
    this.#browser = null;
    if (browser === null || !process || process.exitCode !== null) return;
    const gone = new Promise((resolve) => process.once('exit', resolve));
    this.#signal(process.pid, 'SIGKILL');
    await gone;
    await browser.disconnect();
  }

  /** SIGKILL to every process that draws a page. */
  killRenderers(): void {
    const [root] = this.#family();
    for (const { pid, command } of this.#family()) {
      if (pid !== root?.pid && command.includes('--type=renderer')) process.kill(pid, 'SIGKILL');
    }
  }

  /** The machine sleeps: not one of its processes runs until `wake`. */
  sleep(): void {
    this.#signal(this.#running().process()?.pid, 'SIGSTOP');
  }

  wake(): void {
    this.#signal(this.#running().process()?.pid, 'SIGCONT');
  }

  #running(): Browser {
    if (this.#browser === null) throw new Error('The browser is not running.');
    return this.#browser;
  }

  #signal(root: number | undefined, signal: NodeJS.Signals): void {
    if (root === undefined) return;
    for (const { pid } of familyOf(root)) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended by itself in between.
      }
    }
  }

  #family(): readonly Process[] {
    return familyOf(this.#running().process()?.pid ?? 0);
  }
}

interface Process {
  readonly pid: number;
  readonly command: string;
}

/** A process and all below it, the root first. */
const familyOf = (root: number): readonly Process[] => {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  const all = lines.flatMap((line) => {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
  const family: Process[] = all.filter(({ pid }) => pid === root);
  for (let index = 0; index < family.length; index++) {
    const parent = family[index]?.pid;
    family.push(...all.filter((process) => process.parent === parent));
  }
  return family;
};
