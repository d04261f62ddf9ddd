/** The three questions of `init`, in a terminal. */

import { isCancel, select } from '@clack/prompts';
import { UsageError } from '../usage-error.js';
import { BACKENDS, backendOf, type Choice, FRAMEWORKS, LABELS, STORAGES } from './choices.js';

const askOne = async <Value extends keyof typeof LABELS>(
  message: string,
  values: readonly Value[],
  initialValue?: Value,
): Promise<Value> => {
  const options = values.map((value) => ({ value: `${value}`, label: LABELS[value] }));
  const answer = await select({ message, options, ...(initialValue && { initialValue: `${initialValue}` }) });
  const chosen = isCancel(answer) ? undefined : values.find((value) => value === answer);
  if (chosen === undefined) throw new UsageError('Nothing was written.');
  return chosen;
};

/** Asks for the choices that the flags do not set. @throws UsageError when it is canceled. */
export const askChoice = async (given: Partial<Choice>): Promise<Choice> => {
  const framework = given.framework ?? (await askOne('Which framework is the page in?', FRAMEWORKS));
  const own = backendOf(framework);
  const backend = given.backend ?? (await askOne('Which backend answers it?', BACKENDS, own));
  const storage = given.storage ?? (await askOne('Where do the files go?', STORAGES));
  return { framework, backend, storage };
};
