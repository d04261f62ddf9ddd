import { expect, it, vi } from 'vitest';

const ENTRIES = ['', '/define', '/engine', '/protocols/auto', '/stores/memory', '/server', '/server/node', '/emulator'];

it('imports every entry without a word', async () => {
  const said = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')];
  for (const entry of ENTRIES) {
    const module = await import(/* @vite-ignore */ `fastio-upload${entry}`);
    expect(Object.keys(module).length).toBeGreaterThan(0);
  }
  for (const spy of said) expect(spy).not.toHaveBeenCalled();
});

it.skipIf(typeof document === 'undefined')('renders the tag where there is a document', async () => {
  await import('fastio-upload/define');
  const element = document.createElement('fastio-upload') as HTMLElement & {
    readonly updateComplete: Promise<unknown>;
    readonly uploads: readonly unknown[];
    addFiles(files: readonly File[]): void;
  };
  element.setAttribute('endpoint', '/api/uploads');
  element.setAttribute('no-auto', '');
  element.setAttribute('no-resume', '');
  document.body.append(element);
  await element.updateComplete;
  expect(element.shadowRoot?.querySelector('button')?.textContent?.trim()).not.toBe('');
  element.addFiles([new File(['x'], 'a.txt')]);
  expect(element.uploads).toHaveLength(1);
  element.remove();
});
