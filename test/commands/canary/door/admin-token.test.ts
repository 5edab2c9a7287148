// The token of the router's door: the operator's own, or one that nobody can guess.

import { describe, expect, it } from 'vitest'
import { tokenOf } from '../../../../src/commands/canary/door/admin-token.ts'
import type { Session } from '../../../../src/commands/session/session.ts'
import { load, targets } from '../../config/config-file.ts'

function tokenIn(env: Readonly<Record<string, string>>): string {
  const { config } = load(targets)
  return tokenOf({ config, world: { env } as Session['world'] })
}

describe('the token', () => {
  it('is what its variable holds', () => {
    expect(tokenIn({ SHADOWGATE_ADMIN_TOKEN: 'of-ada' })).toBe('of-ada')
  })

  it.each([[''], [' ']])('is made anew where nobody filled the variable in: "%s"', (text) => {
    const tokens = [1, 2].map(() => tokenIn({ SHADOWGATE_ADMIN_TOKEN: text }))
    expect(tokens).toEqual([expect.stringMatching(/^\S{32}$/), expect.stringMatching(/^\S{32}$/)])
    expect(new Set(tokens).size).toBe(2)
  })
})
