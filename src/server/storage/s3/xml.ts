/**
 * Reads the XML of S3's answers, which has no relevant attributes, no comments and no mixed content. These few lines
 * replace a parser in each Worker's bundle, and cannot expand entities or recurse.
 */

/** Text of the first element of this name, or undefined. */
export const textOf = (xml: string, name: string): string | undefined => {
  const inner = elementsOf(xml, name)[0];
  return inner === undefined ? undefined : unescapeXml(inner);
};

/** Content of each element of this name; elements of the same name are not nested in S3's answers. */
export const elementsOf = (xml: string, name: string): string[] => {
  const found: string[] = [];
  let from = 0;
  for (;;) {
    const start = indexOfTag(xml, name, from);
    if (start < 0) return found;
    const open = xml.indexOf('>', start);
    if (open < 0) return found;
    if (xml[open - 1] === '/') {
      found.push('');
      from = open + 1;
      continue;
    }
    const close = xml.indexOf(`</${name}>`, open);
    if (close < 0) return found;
    found.push(xml.slice(open + 1, close));
    from = close + name.length + 3;
  }
};

/** Index of `<name` as a whole name. */
const indexOfTag = (xml: string, name: string, from: number): number => {
  let start = xml.indexOf(`<${name}`, from);
  while (start >= 0 && !/[\s/>]/.test(xml[start + name.length + 1] ?? '')) start = xml.indexOf(`<${name}`, start + 1);
  return start;
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

export const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
