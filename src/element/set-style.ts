/**
 * Sets style properties through the CSSOM. Lit's `styleMap` first renders a `style` attribute, which a strict content
 * security policy blocks.
 */

import { noChange } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/** CSS property names with their values; null removes a property. */
export type StyleProperties = Readonly<Record<string, string | null>>;

class SetStyle extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('setStyle() belongs into the tag of an element');
  }

  /** Renders nothing on the server, which does not know the sizes of bars and gaps. */
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
