/**
 * Wraps answers. Documented: flat with `result: true` (the newer guides; production, by a remark in the vendor's
 * client), nested under `response` with `result: "yes"` (the client's tests), `error` with `code`, `text` and `params`;
 * the code as text and `message` for `text` occur as well (the client).
 */

import type { JsonObject } from '../../lib/json.js';
import type { CurrentError } from './current-error.js';

/** `mixed` uses another form for each answer. */
export type EnvelopeMode = 'flat' | 'nested' | 'mixed';

interface Form {
  readonly yes: true | 'yes';
  readonly no: false | 'no';
  readonly isNested: boolean;
  readonly codeAsText: boolean;
  readonly textKey: 'text' | 'message';
}

const FLAT: Form = { yes: true, no: false, isNested: false, codeAsText: false, textKey: 'text' };
const NESTED: Form = { yes: 'yes', no: 'no', isNested: true, codeAsText: false, textKey: 'text' };

const FORMS: Readonly<Record<EnvelopeMode, readonly Form[]>> = {
  flat: [FLAT],
  nested: [NESTED],
  mixed: [
    FLAT,
    NESTED,
    { ...FLAT, yes: 'yes', no: 'no', codeAsText: true },
    { ...NESTED, yes: true, no: false, textKey: 'message' },
  ],
};

export class Envelope {
  readonly #forms: readonly Form[];
  #answers = 0;

  constructor(mode: EnvelopeMode) {
    this.#forms = FORMS[mode];
  }

  accept(payload: object): JsonObject {
    const { yes, isNested } = this.#nextForm();
    return isNested ? { result: yes, response: payload } : { result: yes, ...payload };
  }

  refuse({ code, message, data: { params, resource } }: CurrentError): JsonObject {
    const { no, codeAsText, textKey } = this.#nextForm();
    return {
      result: no,
      error: {
        code: codeAsText ? String(code) : code,
        [textKey]: message,
        ...(params !== undefined && { params }),
        ...(resource !== undefined && { resource }),
      },
    };
  }

  #nextForm(): Form {
    const form = this.#forms[this.#answers % this.#forms.length] ?? FLAT;
    this.#answers += 1;
    return form;
  }
}
