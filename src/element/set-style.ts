/**
 * Sets style properties through the CSSOM. Lit's `styleMap` writes a `style` attribute at its first rendering, which pages
 * with a strict content security policy forbid.
 */

import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/** CSS property names with their values; null takes a property away. */
export type StyleProperties = Readonly<Record<string, string | null>>;

class SetStyle extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('setStyle() belongs into the tag of an element');
  }

  /** Nothing on the server: sizes of bars and gaps are not known there. */
  override render(_properties: StyleProperties): unknown {
    return noChange;
  }

  override update({ element }: ElementPart, [properties]: [StyleProperties]): unknown {
    if (!(element instanceof HTMLElement)) return noChange;
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
    return noChange;
  }
}

export const setStyle = directive(SetStyle);
