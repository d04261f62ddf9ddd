import { expect } from '@open-wc/testing';
import { absoluteUrl } from '../../src/lib/page/page-url.js';

describe('A relative URL in a page', () => {
  it('starts from `<base href>`', () => {
    const base = Object.assign(document.createElement('base'), { href: '/app/' });
    document.head.append(base);
    try {
      expect(absoluteUrl('api/up')).to.equal(`${location.origin}/app/api/up`);
    } finally {
      base.remove();
    }
  });

  it('starts from the embedding page in a frame of about:srcdoc', async () => {
    const frame = document.createElement('iframe');
    const answer = new Promise((resolve) => {
      addEventListener('message', ({ data }) => resolve(data), { once: true });
    });
    frame.srcdoc = `<script type="module">
      import { absoluteUrl } from '${new URL('../../src/lib/page/page-url.ts', import.meta.url)}';
      parent.postMessage([location.href, absoluteUrl('/api/up')]);
    </script>`;
    document.body.append(frame);

    expect(await answer).to.deep.equal(['about:srcdoc', `${location.origin}/api/up`]);
    frame.remove();
  });
});
