/**
 * Lit's `property` for which no value means the default: after its attribute was removed, and where a script or a
 * framework sets null or undefined. So no reader has to think of it.
 */

import type { PropertyDeclaration } from 'lit';
import { property as litProperty } from 'lit/decorators.js';

export const property =
  (options?: PropertyDeclaration) =>
  (prototype: object, name: string): void => {
    litProperty(options)(prototype, name);
    const { set, ...rest } = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
    /** What the class sets, which comes first. */
    let initial: readonly unknown[] | undefined;
    Object.defineProperty(prototype, name, {
      ...rest,
      set(value: unknown) {
        initial ??= [value];
        set?.call(this, value ?? initial[0]);
      },
    });
  };
