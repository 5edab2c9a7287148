// What the package offers is explained where an editor shows it: every name of its doors.

import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const source = fileURLToPath(new URL('../../src/', import.meta.url))

interface Offered {
  readonly name: string
  readonly file: string
}

/** The names that a file gives away, through the files that it gives them away from. */
function offeredBy(file: string): readonly Offered[] {
  const text = readFileSync(file, 'utf8')
  const passedOn = [...text.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from '([^']+)'/gm)].flatMap(
    ([, what = '', from = '']) => {
      const below = offeredBy(join(dirname(file), from))
      if (what === '*') return below
      const names = what
        .slice(1, -1)
        .split(',')
        .map((name) =>
          name
            .trim()
            .replace(/^type /, '')
            .replace(/ as .*/, ''),
        )
      return names.filter(Boolean).map((name) => below.find((each) => each.name === name) ?? { name, file: from })
    },
  )
  const own = [...text.matchAll(/^export (?:async )?(?:interface|type|const|class|function\*?) (\w+)/gm)]
  return [...passedOn, ...own.map(([, name = '']) => ({ name, file }))]
}

/** The comment right above a declaration; null where there is none. */
function explanationOf({ name, file }: Offered): string | null {
  const declared = new RegExp(
    String.raw`((?:^ \*.*\n|^/\*\*.*\n)*)^export (?:async )?(?:interface|type|const|class|function\*?) ${name}\b`,
    'm',
  )
  return declared.exec(readFileSync(file, 'utf8'))?.[1] || null
}

describe.each(['index.ts', 'stats/index.ts'])('the door src/%s', (door) => {
  const offered = offeredBy(join(source, door))

  it('explains every name', () => {
    expect(offered.length).toBeGreaterThan(80)
    expect(offered.filter((each) => explanationOf(each) === null).map(({ name }) => name)).toEqual([])
  })
})

it('of statistics, every function that takes data says what it throws, or whose rules it follows', () => {
  const functions = offeredBy(join(source, 'stats/index.ts')).filter(({ name, file }) =>
    new RegExp(`^export function ${name}\\b`, 'm').test(readFileSync(file, 'utf8')),
  )
  expect(functions.length).toBeGreaterThan(50)
  const silent = functions.filter(
    (each) => !/throws|\botherwise as\b/i.test(explanationOf(each)?.replaceAll(/\s+\*?\s*/g, ' ') ?? ''),
  )
  expect(silent.map(({ name }) => name)).toEqual([])
})
