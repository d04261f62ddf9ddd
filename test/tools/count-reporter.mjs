/**
 * Reporter of node:test that leaves `{passed, failed, skipped}` in the file that `TEST_COUNTS_FILE` names. A file that
 * holds no test counts as failed.
 */

import { writeFileSync } from 'node:fs';

const count = (counts, { type, data }) => {
  if (data.details?.type === 'suite') return;
  // A file that defines no test is reported as one test that bears the name of the file.
  const isBareFile = type === 'test:pass' && data.nesting === 0 && data.file === data.name;
  if (data.skip !== undefined || data.todo !== undefined) counts.skipped += 1;
  else if (type === 'test:pass' && !isBareFile) counts.passed += 1;
  else counts.failed += 1;
};

// Written as the process ends, so that a run that is made to exit leaves its counts as well.
export default async function* countReporter(events) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  process.on('exit', () => writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify(counts)));
  for await (const event of events) {
    if (event.type === 'test:pass' || event.type === 'test:fail') count(counts, event);
  }
}
