import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonMembers } from '../../src/interchange/json-members.ts';

const valuesOf = (text: string) =>
  [...jsonMembers(text, text.search(/\S/))].map(({ name, start, end }) => [name, JSON.parse(text.slice(start, end))]);

describe('the members of a JSON text', () => {
  it.each([undefined, 2, '\t'])('are those that JSON.parse finds, indented by %j', (indent) => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        const found = valuesOf(JSON.stringify(value, null, indent));
        expect(Array.isArray(plain) ? found.map(([, each]) => each) : Object.fromEntries(found)).toEqual(plain);
      }),
    );
  });

  it('are told in the order of the text, and again where a name comes twice', () => {
    expect(valuesOf('{"30": 1, "3": {"3": [2]}, "30": "\\\\\\"}", "\\u0061": null}')).toEqual([
      ['30', 1],
      ['3', { '3': [2] }],
      ['30', '\\"}'],
      ['a', null],
    ]);
  });
});
