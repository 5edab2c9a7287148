// The list of log formats, as a terminal shows it: all of them, and no line that a narrow one breaks.

import { expect, it } from 'vitest'
import { runCommandLine } from '../../src/commands/parse.ts'
import { formats } from '../../src/ingest/index.ts'
import { createWorld } from '../support/world.ts'

async function listed(columns: number | null, ...flags: readonly string[]): Promise<string> {
  const { world, stdout } = createWorld()
  expect(await runCommandLine({ ...world, columns }, ['formats', ...flags])).toBe(0)
  return stdout.join('\n')
}
const names = [...formats.map(({ name }) => name), 'mapping']
const wordsOf = (text: string) => text.split(/\s+/)

it.each([60, 80, 120, null])('%s columns: every format, in lines that fit, with the same words', async (columns) => {
  const text = await listed(columns)
  const lines = text.split('\n')
  expect(lines.filter((line) => /^[a-z]/.test(line)).map((line) => line.split(':')[0])).toEqual(names)
  expect(lines.filter((line) => line.length > Math.min(columns ?? 100, 100))).toEqual([])
  expect(wordsOf(text)).toEqual(wordsOf(await listed(null)))
})

it('--json has them for programs', async () => {
  const told: readonly { readonly name: string }[] = JSON.parse(await listed(null, '--json'))
  expect(told.map(({ name }) => name)).toEqual(names)
})
