// Python's text of a message gives the message back, or nothing.

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromRepr } from '../../../src/ingest/chatml/python-repr.ts'

describe('Python text', () => {
  const message = (content: string) => `role='user' content=${content} tool_call_id=None tool_calls=None metrics=M(a=1)`
  const quoted = (text: string) => {
    const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')
    return `'${escaped.replaceAll(/[^ -~]/gu, (each) => `\\U${each.codePointAt(0)?.toString(16).padStart(8, '0')}`)}'`
  }

  test('gives back what was printed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fromRepr(message(quoted(text)))?.['content']).toBe(text)
      }),
    )
  })

  test.each([
    ['no message', 'role of the user'],
    ['a string without end', "role='user' content='Hi"],
    ['an escape of nobody', message(String.raw`'\q'`)],
    ['a field too few', "role='user' content='Hi'"],
    ['media', "role='user' content='Hi' tool_call_id=None tool_calls=None images=['a']"],
    ['a list without end', "role='user' content=['a', tool_call_id=None tool_calls=None"],
  ])('%s is not read', (_, text) => {
    expect(fromRepr(text)).toBeNull()
  })
})
