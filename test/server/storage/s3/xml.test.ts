import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { elementsOf, escapeXml, textOf } from '../../../../src/server/storage/s3/xml.js';

describe('XML of S3', () => {
  it('reads any text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.equal(textOf(`<a><Key>${escapeXml(text)}</Key></a>`, 'Key'), text);
      }),
    );
  });

  it('reads named and numbered entities, and leaves unknown ones as they are', () => {
    assert.equal(textOf('<ETag>&quot;a&amp;b&#34;&#x41;&nbsp;&#x110000;</ETag>', 'ETag'), '"a&b"A&nbsp;&#x110000;');
  });

  it('takes an element by its whole name, with attributes or without', () => {
    const xml = '<PartNumberMarker>7</PartNumberMarker><Part xmlns="x"><PartNumber>1</PartNumber></Part><Part/>';
    assert.deepEqual(elementsOf(xml, 'Part'), ['<PartNumber>1</PartNumber>', '']);
    assert.equal(textOf(xml, 'PartNumber'), '1');
    assert.equal(textOf(xml, 'Marker'), undefined);
  });

  it('ends on whatever comes, and answers only text that stands there', () => {
    const piece = fc.constantFrom(
      '<Part>',
      '</Part>',
      '<Part',
      '<Part/>',
      '</',
      '&',
      '&#x',
      '<',
      '>',
      'x',
      '<PartNumber>',
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const xml = pieces.join('');
        for (const inner of elementsOf(xml, 'Part')) assert.ok(inner === '' || xml.includes(inner));
        textOf(xml, 'Part');
      }),
    );
  });
});
