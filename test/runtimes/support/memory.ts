/** The largest resident size of a process, from the kernel; it can be set back to the present one. Linux only. */

import { readFile, writeFile } from 'node:fs/promises';

const MiB = 2 ** 20;

export const resetPeak = (pid: number): Promise<void> => writeFile(`/proc/${pid}/clear_refs`, '5');

/** In MiB. */
export const peakMiB = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return (Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024) / MiB;
};
