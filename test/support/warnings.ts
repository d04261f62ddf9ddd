/** What Node prints of itself, such as a leak of listeners. */

/** The warnings while `work` runs. */
export const warningsDuring = async (work: () => Promise<void>): Promise<readonly string[]> => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error) => warnings.push(message);
  process.on('warning', onWarning);
  await work().finally(() => process.off('warning', onWarning));
  return warnings;
};
