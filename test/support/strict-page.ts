/** Runs in the strict page: remembers what its policy refused, then brings the element to life. */

export interface StrictWindow extends Window {
  readonly violations: string[];
}

const violations: string[] = [];
Object.assign(window, { violations });
document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
  violations.push(`${effectiveDirective} ${blockedURI} ${sourceFile}`),
);

await import('../../src/define.js');
