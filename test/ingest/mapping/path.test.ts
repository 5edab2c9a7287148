// Paths of one place and of several, and texts that are none.

import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/types.ts'
import { pathOf, pathProblem } from '../../../src/ingest/mapping/path.ts'

describe('paths', () => {
  const line = {
    a: { b: [{ c: 1 }, { c: 2 }], 'x.y': 3, empty: null },
    text: '{"in":{"side":[4]}}',
    'top.level': 5,
    items: [{ kind: 'q', v: 6 }],
  }
  test.each<[string, readonly Json[]]>([
    ['a.b[1].c', [2]],
    ['$.a.b[1].c', [2]],
    ["$['a']['x.y']", [3]],
    ["a['x.y']", [3]],
    ['text.in.side[0]', [4]],
    ["['top.level']", [5]],
    ['$.a.b[*].c', [1, 2]],
    ["$.items[?@.kind == 'q'].v", [6]],
    ['$..c', [1, 2]],
    ['a.empty', []],
    ['a.b.c', []],
    ['constructor', []],
  ])('%s', (text, found) => {
    expect(pathProblem(text)).toBeNull()
    expect(pathOf(text).find(line)).toEqual(found)
  })

  test.each(['', 'a..b', 'a[*]', 'a b[', '$[', '$.a[?'])('%j is none', (text) => {
    expect(pathProblem(text)).toMatch(/JSONPath/)
  })
})
