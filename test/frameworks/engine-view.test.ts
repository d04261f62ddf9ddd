import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineView } from '../../src/frameworks/engine-view.js';
import { fileOf, namesOf } from '../support/builders.js';

const viewOf = (): EngineView =>
  new EngineView({ endpoint: 'https://app.test/uploads', protocol: 'presigned', autoStart: false, resume: false });

describe('EngineView', () => {
  it('shows its first watcher the files that were added before', (context) => {
    const view = viewOf();
    view.engine.addFiles([fileOf('a.txt')]);

    context.after(view.watch(() => {}));

    assert.deepEqual(namesOf(view.get().uploads), ['a.txt']);
  });

  it('answers with the same object while nothing changes', (context) => {
    const view = viewOf();
    const before = view.get();

    context.after(view.watch(() => {}));

    assert.equal(view.get(), before);
  });
});
