// Tests hold on any machine: none gives up sooner than the runner does, none needs a folder without spaces.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const tests = fileURLToPath(new URL('..', import.meta.url))

/** `e2e/kill.test.ts: timeout: 60_000` for each match whose number is below the least. */
function found(pattern: RegExp, isWrong: (number: string) => boolean = () => true): string[] {
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  return files.flatMap((file) =>
    [...readFileSync(`${tests}/${file}`, 'utf8').matchAll(pattern)]
      .filter(([, number = '']) => isWrong(number))
      .map(([text]) => `${file}: ${text}`),
  )
}

// A busy machine takes ten times as long: a limit that is shorter than the runner's own makes tests fail, and none faster.
test('no test of a whole process has less time than the runner gives it', () => {
  const early = found(/\btimeout: ([\d_]+_000)\b/g, (number) => Number(number.replaceAll('_', '')) < 120_000)
  expect(early.filter((line) => line.startsWith('e2e/'))).toEqual([])
})

test('no path is the pathname of a URL, which has %20 for a space', () => {
  expect(found(/import\.meta\.url\)\.pathname|\bfile\.pathname/g)).toEqual([])
})
