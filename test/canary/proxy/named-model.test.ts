// The model that is found among a body's bytes is the one that `JSON.parse` would find.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelIn } from '../../../src/canary/dealing/router.ts'
import { namedModel } from '../../../src/canary/proxy/named-model.ts'
import type { Json } from '../../../src/core/types.ts'

const find = (text: string) => namedModel(Buffer.from(text))

describe('the model that a body names', () => {
  it.each([
    ['beside others', '{"messages":[],"model":"m","stream":true}', 'm'],
    ['with space around it', ' {\n"model"\t:\r "m" } ', 'm'],
    ['with escapes in it', '{"model":"a\\"b\\\\\\u0041"}', 'a"b\\A'],
    ['twice: the last one counts', '{"model":"first","model":"last"}', 'last'],
    ['twice, and the last is no text', '{"model":"first","model":3}', null],
    ['only deeper inside', '{"a":{"model":"inner"},"b":[{"model":"inner"}]}', null],
    ['only in a text', `{"a":"\\"model\\":\\"inner\\"","b":"model"}`, null],
    ['behind a long text that ends in backslashes', `{"a":"${'x'.repeat(300)}\\\\\\\\","model":"m"}`, 'm'],
    ['behind a long text with quotes', `{"a":"${'x'.repeat(100)}${'\\"'.repeat(90)}","model":"m"}`, 'm'],
    ['as no text', '{"model":{"model":"inner"}}', null],
    ['nowhere', '{}', null],
  ])('%s', (_, text, expected) => {
    expect(find(text)).toBe(expected)
  })

  it.each([
    ['a key that is escaped', '{"m\\u006fdel":"m"}'],
    ['no object', '[{"model":"m"}]'],
    ['nothing', ''],
    ['an object that ends too early', '{"model":"m"'],
    ['a text that does not end', `{"model":"m","a":"${'x'.repeat(100)}`],
    ['more than an object', '{"model":"m"}{}'],
  ])('of %s only the whole can say', (_, text) => {
    expect(find(text)).toBeUndefined()
  })

  it('is what reading the whole finds, for any JSON', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('"', '\\', 'é', '{', ',', ':'), maxLength: 200 }),
    )
    const key = fc.oneof(fc.constantFrom('model', 'a', 'model\\', '"model"'), texts)
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        texts,
        fc.constantFrom(null, true, 0, -1.5e-9),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    }))
    let known = 0
    fc.assert(
      fc.property(fc.dictionary(key, value, { maxKeys: 6 }), fc.constantFrom(undefined, 1, '\t'), (body, indent) => {
        const text = JSON.stringify(body, null, indent)
        const found = find(text)
        if (found === undefined) return
        known++
        expect(found).toBe(modelIn(JSON.parse(text) as Json))
      }),
      { numRuns: 100 },
    )
    // Else nothing was compared.
    expect(known).toBeGreaterThan(20)
  })
})
