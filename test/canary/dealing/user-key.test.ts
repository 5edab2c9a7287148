// Whose request it is, from wherever it says so.

import { describe, expect, it } from 'vitest'
import { type Asked, type KeySource, pseudonymOf, userKeyOf } from '../../../src/canary/dealing/user-key.ts'

const asked: Asked = {
  headers: {
    'x-user-id': 'u-1',
    'x-empty': '',
    'x-twice': ['a', 'b'],
    'x-portkey-metadata': '{"_user":"ada","env":{"tier":2}}',
    'x-torn': '{"_user":"ada"',
    cookie: 'theme=dark; session=s-9=x; other=1',
    authorization: 'Bearer sk-1',
  },
  body: { user: 'bob', metadata: { user_id: 'm-7', age: 3, list: ['x'] } },
}

describe('a user key', () => {
  it.each<[string, KeySource[], string | null]>([
    ['a header, whatever its case', [{ header: 'X-User-Id' }], 'header x-user-id:u-1'],
    ['the first of a header sent twice', [{ header: 'x-twice' }], 'header x-twice:a'],
    [
      'a field of JSON in a header',
      [{ header: 'X-Portkey-Metadata', field: '_user' }],
      'header x-portkey-metadata _user:ada',
    ],
    [
      'a field within it',
      [{ header: 'x-portkey-metadata', field: 'env.tier' }],
      'header x-portkey-metadata env.tier:2',
    ],
    ['no object in a header', [{ header: 'x-portkey-metadata', field: 'env' }], null],
    ['no field of a header that is no JSON', [{ header: 'x-torn', field: '_user' }], null],
    ['a field of the body', [{ body: 'user' }], 'body user:bob'],
    ['a field within', [{ body: 'metadata.user_id' }], 'body metadata.user_id:m-7'],
    ['a number', [{ body: 'metadata.age' }], 'body metadata.age:3'],
    ['no list', [{ body: 'metadata.list' }], null],
    ['nothing that every object has', [{ body: 'metadata.constructor' }], null],
    ['a cookie, up to its end', [{ cookie: 'session' }], 'cookie session:s-9=x'],
    ['no cookie whose name only ends like it', [{ cookie: 'ession' }], null],
    ['the API key', [{ apiKey: true }], 'api-key:sk-1'],
    ['the first source that has one', [{ header: 'x-none' }, { header: 'x-empty' }, { body: 'user' }], 'body user:bob'],
    ['nobody', [], null],
  ])('%s', (_, sources, expected) => {
    expect(userKeyOf(asked, sources)).toBe(expected)
  })

  it.each(['x-api-key', 'x-goog-api-key', 'api-key'])('finds the API key in %s', (name) => {
    expect(userKeyOf({ headers: { [name]: 'k' }, body: null }, [{ apiKey: true }])).toBe('api-key:k')
  })

  it('takes no key of a megabyte', () => {
    expect(userKeyOf({ headers: { x: 'k'.repeat(1e6) }, body: null }, [{ header: 'x' }])).toBeNull()
  })

  it('is not in its pseudonym, which another salt makes another', () => {
    const pseudonym = pseudonymOf('body user:bob', 'salt')
    expect(pseudonym).toMatch(/^[0-9a-f]{16}$/)
    expect(pseudonymOf('body user:bob', 'pepper')).not.toBe(pseudonym)
  })
})
