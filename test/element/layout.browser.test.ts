import { expect, html } from '@open-wc/testing';
import { executeServerCommand } from '@web/test-runner-commands';
import type { UploadSnapshot } from '../../src/index.js';
import { until } from '../support/until.js';
import { errorOf, snapshot } from './fake-engine.js';
import { type Bound, bind, fileNamed, find, findAll, settle } from './support.js';

const long = 'a-name-that-is-far-too-long-for-any-list-of-files-but-has-an-ending.tar.gz';

const mixed = (): UploadSnapshot[] => [
  snapshot({ state: 'uploading', sentBytes: 7e8, confirmedBytes: 6e8, bytesPerSecond: 18.4e6, remainingMs: 61_000 }),
  snapshot({ state: 'finishing', name: long, relativePath: `holidays/2026/${long}` }),
  snapshot({ state: 'waiting', reason: 'backoff', resumesAt: Date.now() + 1e6, confirmedBytes: 2e8 }),
  snapshot({ state: 'paused', reason: 'user' }),
  snapshot({ state: 'done' }),
  snapshot({ state: 'queued' }),
  snapshot({ state: 'queued' }),
];

const STATES: Readonly<Record<string, (bound: Bound) => unknown>> = {
  empty: () => {},
  mixed: ({ engine }) => engine.show(...mixed()),
  'long with its filter': ({ engine }) =>
    engine.show(...mixed(), ...Array.from({ length: 20 }, () => snapshot({ state: 'done' }))),
  'full of errors': ({ element, engine }) => {
    const codes = ['source-changed', 'unauthorized', 'network'] as const;
    engine.show(...codes.map((code) => snapshot({ state: 'failed', name: long, error: errorOf(code) })));
    for (const name of ['setup.exe', long]) engine.refuse(fileNamed(name));
    element.requestUpdate();
  },
  'in need of files': ({ engine }) =>
    engine.show(
      snapshot({ state: 'paused', reason: 'needs-file', confirmedBytes: 9e8 }),
      snapshot({ state: 'paused', reason: 'needs-permission', confirmedBytes: 9e8 }),
      snapshot({ state: 'paused', reason: 'needs-sign-in', confirmedBytes: 9e8 }),
    ),
  done: ({ engine }) => engine.show(snapshot({ state: 'done' }), snapshot({ state: 'done' })),
  'a summary alone': ({ element, engine }) => {
    element.list = 'summary';
    engine.show(...mixed(), snapshot({ state: 'failed', name: long, error: errorOf('network') }));
  },
  'a filled field': async ({ element, engine }) => {
    element.multiple = false;
    element.name = 'cv';
    await element.updateComplete;
    engine.show(snapshot({ state: 'done', name: 'cv 2026.pdf', size: 90_000 }));
  },
  'a field whose file is refused': async ({ element, engine }) => {
    element.multiple = false;
    element.name = 'cv';
    await element.updateComplete;
    engine.show(snapshot({ state: 'failed', name: 'cv 2026.pdf', error: errorOf('http') }));
  },
  tiles: async ({ element, engine }) => {
    element.view = 'grid';
    engine.show(...mixed(), snapshot({ state: 'failed', name: long, error: errorOf('network') }));
    await until(() => findAll(element, '.tile').length > 0, 'the tiles are there');
    await until(() => {
      const [line] = findAll(element, '.tile-line');
      return line && getComputedStyle(line).gridTemplateColumns.split(' ').length === line.children.length;
    }, 'as many in each line as have room');
  },
  'canceled, with the offer to undo': async ({ element, engine }) => {
    engine.show(...mixed().slice(0, 4));
    await element.updateComplete;
    engine.cancel = () => {
      for (const { id } of engine.uploads) engine.change(id, { state: 'canceled' });
    };
    findAll(element, '[data-action=cancel-all]')[0]?.click();
  },
};

/** Files that wait can be ordered, once the code for it is there. */
const handlesAreThere = async ({ element, engine }: Bound): Promise<void> => {
  const isDue = element.list === 'full' && engine.uploads.filter(({ state }) => state === 'queued').length > 1;
  await until(() => !isDue || findAll(element, '.grip').length > 1, 'the handles are there');
};

/** Cut names keep room for their ending and a few letters. */
const shortNames = ({ element }: Bound): string[] =>
  findAll(element, '.name').flatMap((name) => {
    const letters = name.clientWidth / Number.parseFloat(getComputedStyle(name).fontSize);
    return letters < 2.2 ? [`a name has room for ${letters.toFixed(1)} em`] : [];
  });

/** Each word with the boxes of its pieces. */
const wordsIn = (root: Element): { readonly word: string; readonly pieces: readonly DOMRect[] }[] => {
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const words = [];
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    for (const { 0: word, index } of (node.textContent ?? '').matchAll(/\S+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      words.push({ word, pieces: [...range.getClientRects()].filter(({ width }) => width > 0) });
    }
  }
  return words;
};

/** Words of buttons that continue on another line, though a button with small edges had room for them on one. */
const brokenWords = ({ element }: Bound): string[] =>
  findAll(element, 'button').flatMap((button) =>
    wordsIn(button).flatMap(({ word, pieces }) => {
      const lines = new Set(pieces.map(({ top }) => Math.round(top)));
      const length = pieces.reduce((sum, { width }) => sum + width, 0);
      const edge = 0.4 * Number.parseFloat(getComputedStyle(button).fontSize) + 1;
      const parent = button.parentElement ?? button;
      const { paddingLeft, paddingRight } = getComputedStyle(parent);
      const around = Number.parseFloat(paddingLeft) + Number.parseFloat(paddingRight) + 2 * edge;
      const room = parent.clientWidth - around;
      return lines.size > 1 && length < room ? [`"${word}" is broken`] : [];
    }),
  );

/** Names are cut on purpose, with their ending kept, as are the dots where a line starts; what is only spoken has no place; sheets reach beyond their disc. */
const CUT = '.name, .piece i, .spoken, .bar, .badge, .disc, input, svg, canvas, [hidden]';

const nameOf = (node: Element): string => `${node.localName}.${node.className || node.getAttribute('part')}`;

const isShown = (node: Element): boolean => node.getClientRects().length > 0 && !node.closest(CUT);

const isVisible = (node: Element): boolean => node.checkVisibility({ visibilityProperty: true });

/** Firefox keeps the blank at the end of a line where an isolate begins the next, and counts it as content. */
const isWiderByBlanks = (node: Element): boolean => {
  const { left, right } = node.getBoundingClientRect();
  const words = wordsIn(node).flatMap(({ pieces }) => pieces);
  return node.matches('.piece') && words.every((word) => word.left > left - 1 && word.right < right + 1);
};

/** What stands outside of the element, is cut off, or scrolls sideways. */
const outOfPlace = ({ element }: Bound): string[] => {
  const frame = element.getBoundingClientRect();
  return findAll(element, '*').flatMap((node) => {
    if (!isShown(node)) return [];
    const { left, right } = node.getBoundingClientRect();
    // Room for the focus ring of tiles at the edge.
    const slack = node.matches('.scroller.grid, .tiles, .root:has(.grid)') ? 5 : 1;
    const isOutside = left < frame.left - slack || right > frame.right + slack;
    const isWide = node.scrollWidth > node.clientWidth + slack && getComputedStyle(node).display !== 'inline';
    return isOutside || (isWide && !isWiderByBlanks(node))
      ? [`${nameOf(node)} ${isOutside ? 'stands outside' : 'is too narrow'}`]
      : [];
  });
};

/** Texts and buttons, which must not lie on each other. */
const overlaps = ({ element }: Bound): string[] => {
  const marks =
    '.icon, .badge, .badge b, .dial b, .name, .status .piece, .notice p, .zone p, .summary strong, .summary .piece';
  const boxes = findAll(element, `button, .held, ${marks}`).flatMap((node) => {
    const box = node.getBoundingClientRect();
    // The offer to undo floats over what lies below the visible page.
    return box.width > 1 && box.height > 1 && isVisible(node) && !node.closest('.undo') ? [{ node, box }] : [];
  });
  return boxes.flatMap(({ node: one, box: a }, index) =>
    boxes.slice(index + 1).flatMap(({ node: other, box: b }) => {
      const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (width <= 1 || height <= 1 || one.contains(other)) return [];
      // Buttons of a tile, its tick and its progress lie on its picture, and handles reach over pictures.
      const isOn = (picture: Element, top: Element) =>
        picture.matches('.badge')
          ? top.closest('.tile .actions, .tick, .dial, .grip') !== null
          : picture.matches('.row .badge .icon') && top.matches('.grip');
      return isOn(one, other) || isOn(other, one) ? [] : [`${nameOf(one)} and ${nameOf(other)} overlap`];
    }),
  );
};

for (const [text, size, widths] of [
  ['text of the usual size', 16, [240, 360, 768]],
  ['text of twice the usual size', 32, [240, 320]],
] as const) {
  describe(text, () => {
    for (const width of widths) {
      for (const lang of ['en', 'de', 'ar', 'he']) {
        it(`fits into ${width} pixels in every state, in "${lang}"`, async () => {
          for (const [state, show] of Object.entries(STATES)) {
            const bound = await bind(html`<div
            lang=${lang}
            dir=${lang === 'ar' || lang === 'he' ? 'rtl' : 'ltr'}
            style="inline-size: ${width}px; font: ${size}px sans-serif"
          >
            <fastio-upload multiple directory accept="image/*,.pdf" max-file-size="5 GB"></fastio-upload>
          </div>`);
            const choose = () => findAll(bound.element, '.choose')[0]?.textContent?.trim();
            await until(() => lang === 'en' || choose() !== 'Choose files', 'the language is there');
            await show(bound);
            await handlesAreThere(bound);
            await settle(bound.element);
            const faults = [outOfPlace, overlaps, shortNames, brokenWords].flatMap((find) => find(bound));
            expect([...new Set(faults)], state).to.deep.equal([]);
          }
        });
      }
    }
  });
}

describe('the line above the list', () => {
  it('leaves its text room beside many buttons', async () => {
    const bound = await bind(html`<div style="inline-size: 720px; font: 16px sans-serif">
      <fastio-upload multiple list="summary"></fastio-upload>
    </div>`);
    const failed = snapshot({ state: 'failed', error: errorOf('http') });
    bound.engine.show(...mixed(), failed, ...Array.from({ length: 20 }, () => snapshot({ state: 'done' })));
    await bound.element.updateComplete;
    expect(findAll(bound.element, '.summary button')).to.have.length(5);
    const [text] = findAll(bound.element, '.summary-text');
    expect(text?.offsetWidth).to.be.at.least(300);
  });
});

describe('a message about a file', () => {
  for (const [name, lang, direction] of [
    ['تقرير.exe', 'en', 'ltr'],
    ['setup.exe', 'he', 'rtl'],
  ] as const) {
    it(`reads in the direction of its language, whatever the name: ${lang}`, async () => {
      const { element, engine } = await bind(html`<div lang=${lang}><fastio-upload multiple></fastio-upload></div>`);
      await until(() => lang === 'en' || element.shadowRoot?.querySelector('.root[dir=rtl]'), 'the language is there');
      engine.refuse(fileNamed(name));
      await element.updateComplete;
      expect(findAll(element, '.notice p').map((line) => getComputedStyle(line).direction)).to.deep.equal([direction]);
    });
  }
});

describe('a line about bytes', () => {
  it('reads from right to left in Hebrew, whose units are Latin', async () => {
    const { element, engine } = await bind(html`<div lang="he"><fastio-upload multiple></fastio-upload></div>`);
    await until(() => element.shadowRoot?.querySelector('.root[dir=rtl]'), 'the language is there');
    engine.show(snapshot({ state: 'uploading', sentBytes: 702e6, bytesPerSecond: 18e6, remainingMs: 61_000 }));
    await element.updateComplete;
    const pieces = findAll(element, '.status bdi');
    expect(pieces.map((piece) => getComputedStyle(piece).direction)).to.deep.equal(['rtl', 'rtl', 'rtl']);
    const range = document.createRange();
    const rate = pieces[1]?.lastChild ?? document.body;
    const leftOf = (part: string): number => {
      const start = rate.textContent?.indexOf(part) ?? 0;
      range.setStart(rate, start);
      range.setEnd(rate, start + part.length);
      return range.getBoundingClientRect().left;
    };
    expect(leftOf('18'), 'the number before its unit, as in all sizes').to.be.lessThan(leftOf('MB'));
    expect(pieces[0]?.textContent).to.match(/^\u2068[^\u2069]+\u2069 [^\u2068]+ \u2068[^\u2069]+\u2069$/);
  });
});

describe('the dots between the pieces of a line', () => {
  for (const dir of ['ltr', 'rtl'] as const) {
    it(`are as far from the piece before as from the one behind: ${dir}`, async () => {
      const { element, engine } = await bind(html`<div
        lang=${dir === 'rtl' ? 'he' : 'en'}
        dir=${dir}
        style="inline-size: 640px; font: 16px sans-serif"
      >
        <fastio-upload multiple></fastio-upload>
      </div>`);
      engine.show(snapshot({ state: 'done' }));
      await until(() => find(element, '.root').matches(`:dir(${dir})`), 'the language is there');
      await settle(element);
      const [before, behind] = findAll(element, '.status .piece bdi').map((piece) => piece.getBoundingClientRect());
      const dot = findAll(element, '.status .piece i')[1];
      const range = document.createRange();
      const text = [...(dot?.childNodes ?? [])].find((node) => node.textContent?.startsWith('·'));
      if (!text || !dot || !before || !behind) throw new Error('the line has two pieces');
      range.setStart(text, 0);
      range.setEnd(text, 1);
      const { left, right } = range.getBoundingClientRect();
      const gaps =
        dir === 'ltr' ? [left - before.right, behind.left - right] : [before.left - right, left - behind.right];
      expect(Math.abs((gaps[0] ?? 0) - (gaps[1] ?? 0)), gaps.join(' and ')).to.be.below(1.6);
      expect(dot.getBoundingClientRect().bottom).to.be.at.most(
        find(element, '.status').getBoundingClientRect().bottom + 1,
      );
    });
  }

  for (const dir of ['ltr', 'rtl'] as const) {
    it(`are not shown where the line wraps: ${dir}`, async () => {
      const { element, engine } = await bind(html`<div
        lang=${dir === 'rtl' ? 'he' : 'en'}
        dir=${dir}
        style="inline-size: 240px; font: 16px sans-serif"
      >
        <fastio-upload multiple></fastio-upload>
      </div>`);
      const moving = { state: 'uploading', sentBytes: 7e8, bytesPerSecond: 18.4e6, remainingMs: 61_000 } as const;
      engine.show(snapshot(moving), snapshot(moving));
      await settle(element);
      const [line] = findAll(element, '.status > span');
      const frame = line?.getBoundingClientRect() ?? new DOMRect();
      const pieces = [...(line?.querySelectorAll('.piece') ?? [])];
      const tops = pieces.map((piece) => Math.round(piece.getBoundingClientRect().top));
      expect(new Set(tops).size, 'it wraps').to.be.greaterThan(1);
      const shown = pieces.map((piece) => {
        const { left, right, width } = piece.querySelector('i')?.getBoundingClientRect() ?? new DOMRect();
        return width > 0 && left > frame.left - 1 && right < frame.right + 1;
      });
      expect(shown).to.deep.equal(tops.map((top, index) => index > 0 && top === tops[index - 1]));
    });
  }
});

describe('a long name', () => {
  it('is cut between letters, shows none of them twice, and keeps its ending at every width', async () => {
    const names = ['measurements.csv', 'interview second camera, raw.mp4', 'yearly budget of 2026.numbers', long];
    const { element, engine } = await bind(html`<div style="font: 16px sans-serif">
      <fastio-upload multiple></fastio-upload>
    </div>`);
    engine.show(...names.map((name) => snapshot({ name, relativePath: `lab/2026/${name}`, state: 'done' })));
    await settle(element);
    const range = document.createRange();
    const faults: string[] = [];
    for (let width = 220; width <= 480; width += 20) {
      element.style.inlineSize = `${width}px`;
      // After the observers of this frame.
      for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
      for (const frame of findAll(element, '.name')) {
        const file = frame.querySelector<HTMLElement>('.file') ?? frame;
        const whole = frame.querySelector('.whole') ?? frame;
        const text = [...whole.childNodes].find((node) => node instanceof Text && node.data !== '') ?? whole;
        const name = text.textContent ?? '';
        const widths = [...name].map((_, index) => {
          range.setStart(text, 0);
          range.setEnd(text, index + 1);
          return range.getBoundingClientRect().width;
        });
        const shown = whole.getBoundingClientRect().width;
        const isCut = file.classList.contains('cut');
        const head = widths.filter((letters) => letters <= shown + 0.5).length;
        const tail = isCut ? (file.dataset.tail?.length ?? 0) : 0;
        const what = `${width}: ${name.slice(0, head)}|${tail}`;
        if (file.getBoundingClientRect().right > frame.getBoundingClientRect().right + 1)
          faults.push(`${what} is wide`);
        if (isCut && head + tail >= name.length) faults.push(`${what} shows letters twice`);
        if (!isCut && head < name.length) faults.push(`${what} lost its ending`);
        if (isCut && (/\s$/.test(name.slice(0, head)) || shown - (widths[head - 1] ?? 0) > 0.5))
          faults.push(`${what} has a gap`);
      }
    }
    expect(faults).to.deep.equal([]);
  });
});

describe('a row of a narrow list', () => {
  for (const width of [320, 360, 420])
    it(`leaves the name its line, and begins and ends where its bar does: ${width} pixels`, async () => {
      const { element, engine } = await bind(html`<div style="inline-size: ${width}px; font: 16px sans-serif">
        <fastio-upload multiple></fastio-upload>
      </div>`);
      const failed = snapshot({ state: 'failed', name: long, error: errorOf('http') });
      const waiting = snapshot({ state: 'waiting', reason: 'throttled', name: long, confirmedBytes: 2e8 });
      engine.show(snapshot({ state: 'done', name: long }), failed, waiting);
      await settle(element);
      const rows = findAll(element, '.row');
      for (const row of rows.filter((one) => one.querySelector('.actions .word'))) {
        const name = row.querySelector<HTMLElement>('.name')?.getBoundingClientRect() ?? new DOMRect();
        const word = row.querySelector<HTMLElement>('.actions .word')?.getBoundingClientRect() ?? new DOMRect();
        expect(name.width, 'the width of the name').to.be.greaterThan(width - 110);
        expect(word.top, 'the button is below').to.be.at.least(name.bottom - 1);
      }
      const boxOf = (selector: string) => find(element, selector).getBoundingClientRect();
      const [bar, text] = [boxOf('.bar:not(.total)'), boxOf('.row:has(.bar) .status > span')];
      expect(Math.round(bar.left), 'one line where both begin').to.equal(Math.round(text.left));
      expect(text.right, 'one line where both end').to.be.at.most(bar.right + 1);
    });
});

describe('touch targets', () => {
  /** What is smaller than 44 by 44 pixels, or lies over another one. */
  const tooNarrow = ({ element }: Bound): string[] => {
    const shown = findAll(element, 'button, .scroller a, input:not(.spoken)').filter(isShown);
    const boxes = shown.map((node) => node.getBoundingClientRect());
    return shown.flatMap((node, index) => {
      const { left, right, top, bottom, width, height } = node.getBoundingClientRect();
      const covers = boxes.some(
        (box, other) => other !== index && box.left < right && left < box.right && box.top < bottom && top < box.bottom,
      );
      return width < 44 || height < 44 || covers ? [`${nameOf(node)} ${width} x ${height}`] : [];
    });
  };

  for (const [name, set] of Object.entries(STATES)) {
    it(`are 44 pixels wide and high: ${name}`, async function () {
      if (!(await executeServerCommand('set-pointer', 'coarse'))) return this.skip();
      try {
        const bound = await bind();
        await set(bound);
        await handlesAreThere(bound);
        await settle(bound.element);
        expect(matchMedia('(pointer: coarse)').matches).to.equal(true);
        expect(tooNarrow(bound)).to.deep.equal([]);
      } finally {
        await executeServerCommand('set-pointer', 'fine');
      }
    });
  }
});
