// Tests hold on any machine: none gives up sooner than the runner does, and none needs a folder without spaces.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const tests = fileURLToPath(new URL('..', import.meta.url))

/** The file and the text of each match. */
function found(pattern: RegExp, isWrong: (number: string) => boolean = () => true): string[] {
  const files = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.test\.ts$|^support\/.*\.ts$/.test(file),
  )
  return files.flatMap((file) =>
    [...readFileSync(`${tests}/${file}`, 'utf8').matchAll(pattern)]
      .filter(([, number = '']) => isWrong(number))
      .map(([text]) => `${file}: ${text}`),
  )
}

// A busy machine takes ten times as long: a limit that is shorter than the runner's own makes tests fail, and none faster.
test('no test has less time than the runner gives each', () => {
  const early = found(/\btimeout: ([\d_]+_000)\b/g, (number) => Number(number.replaceAll('_', '')) < 120_000)
  expect(early).toEqual([])
})

test('no path is the pathname of a URL, which has %20 for a space', () => {
  expect(found(/import\.meta\.url\)\.pathname|\bfile\.pathname/g)).toEqual([])
})
