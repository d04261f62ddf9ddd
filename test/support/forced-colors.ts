/** Forced colours in a browser that has no such mode: what an element says for them holds all the same. */

const FORCED = '(forced-colors: active)';

/**
 * As themes of high contrast have it. A browser that never forces colours has no such set: WebKit's own button is light
 * grey below text that is white in dark pages.
 */
const PALETTE = {
  Canvas: 'light-dark(#fff, #000)',
  CanvasText: 'light-dark(#000, #fff)',
  ButtonFace: 'light-dark(#fff, #000)',
  ButtonText: 'light-dark(#37006e, #ffee32)',
  ButtonBorder: 'light-dark(#37006e, #ffee32)',
  GrayText: 'light-dark(#600000, #3ff23f)',
} as const;

const SYSTEM_COLORS = new RegExp(`\\b(${Object.keys(PALETTE).join('|')})\\b`, 'gi');

/** Whether this browser can force colours at all. WebKit knows the question, but always answers no. */
export const knowsForcedColors = (): boolean => CSS.supports('forced-color-adjust', 'none');

/** A colour of the forced page, as a value of CSS. */
export const systemColor = (name: string): string =>
  knowsForcedColors()
    ? name
    : (Object.entries(PALETTE).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] ?? name);

/** The colours that a page may give the element, which a browser that forces colours takes away. */
const PROPERTIES = {
  Canvas: ['on-accent', 'surface'],
  CanvasText: ['accent', 'success', 'warning', 'danger', 'line'],
} as const;

/** Declarations for a page in the colours of the system, and of nothing else. */
export const forcedPageStyle = (scheme: 'light' | 'dark'): string => {
  const given = Object.entries(knowsForcedColors() ? {} : PROPERTIES).flatMap(([color, names]) =>
    names.map((name) => `--fastio-upload-${name}: ${systemColor(color)};`),
  );
  const [paper, ink] = [systemColor('Canvas'), systemColor('CanvasText')];
  return `color-scheme: ${scheme}; background: ${paper}; color: ${ink}; ${given.join(' ')}`;
};

const replaceRule = (sheet: CSSStyleSheet, index: number, text: string): void => {
  sheet.deleteRule(index);
  sheet.insertRule(text, index);
};

/**
 * Lets what the sheets of a shadow root say for forced colours hold without them, also for all other elements that share
 * the sheets. Gives back the way back.
 */
export const applyForcedColorRules = (root: ShadowRoot): (() => void) => {
  const undo: (() => void)[] = [];
  for (const sheet of [...root.adoptedStyleSheets, ...root.styleSheets]) {
    for (const [index, rule] of [...sheet.cssRules].entries()) {
      if (!(rule instanceof CSSMediaRule) || rule.conditionText !== FORCED) continue;
      const { cssText } = rule;
      replaceRule(sheet, index, cssText.replace(FORCED, 'all').replace(SYSTEM_COLORS, systemColor));
      undo.push(() => replaceRule(sheet, index, cssText));
    }
  }
  if (undo.length === 0) throw new Error('the element has no rules for forced colours');
  return () => {
    for (const step of undo) step();
  };
};
