import 'axe-core/axe.min.js';
import type axeType from 'axe-core';

/** The package has no module to import; it leaves itself on the window. */
export const { axe } = window as unknown as { readonly axe: typeof axeType };

/** What breaks a rule of WCAG 2.2 AA; the size of targets is off in axe unless asked for. */
export const findings = async (element: Element): Promise<string[]> => {
  // Colours of what is just coming are not those that it is read in.
  for (const animation of element.shadowRoot?.getAnimations() ?? []) {
    if (animation.effect?.getComputedTiming().iterations === 1) animation.finish();
  }
  const { violations } = await axe.run(element, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'target-size': { enabled: true }, region: { enabled: false } },
  });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
};
