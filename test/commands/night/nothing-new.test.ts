// A night without anything new, in words.

import { expect, it } from 'vitest'
import { nothingNewText } from '../../../src/commands/night/nothing-new.ts'

it('says by which clock the run before began', () => {
  const nothingNewSince = { run: 'r1', startedAt: '2026-11-26T19:49:56.301Z', decision: 'GO' } as const
  const since = 'Nothing new  No record came since run r1 of 2026-11-26 19:49 UTC, which ended in GO and stands'
  expect(nothingNewText({ nothingNewSince }, false)).toContain(since)
})
