// The canonical text is the library's, to the character: ids in stores hang on it.

import canonicalize from 'canonicalize'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../src/core/types.ts'
import { canonicalJson } from '../../src/ingest/canonical.ts'

const fields = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    'a',
    'b',
    'B',
    '10',
    '2',
    '0',
    '01',
    '-1',
    '1.5',
    '__proto__',
    'constructor',
    '€',
    '\u{1F600}',
    '\ufb33',
    '',
  ),
)
const json = fc.letrec<{ node: Json }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(null, true, 0, -0, 1e21, 1e-7, 5e-324, 0.1, 2 ** 53 + 2),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('node'), { maxLength: 4 }),
    // As a parser makes it: `__proto__` is a field like any other.
    fc
      .array(fc.tuple(fields, tie('node')), { maxLength: 5 })
      .map((pairs) =>
        JSON.parse(`{${pairs.map(([field, value]) => `${JSON.stringify(field)}:${JSON.stringify(value)}`).join(',')}}`),
      ),
  ),
})).node

test('it is what the library gives', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(value)).toBe(canonicalize(value))
    }),
    { numRuns: 3000 },
  )
})
