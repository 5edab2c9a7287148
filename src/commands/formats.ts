// `shadowgate formats`: the log formats that are read.

import wrapAnsi from 'wrap-ansi'
import { formats as roster } from '../ingest/index.ts'
import { mappingWords } from '../ingest/mapping.ts'
import type { Command } from './command.ts'

export const formats = {
  examples: ['shadowgate formats', 'shadowgate formats --json'],
  settings: [],
  flags: [],
  run: async (world, invocation) => {
    const known = [...roster, mappingWords].map(({ name, title, tells, lacks }) => ({ name, title, tells, lacks }))
    world.stdout(
      invocation.isJson
        ? JSON.stringify(known)
        : known.map((each) => inWords(each, Math.min(world.columns ?? widest, widest))).join('\n\n'),
    )
    return 0
  },
} satisfies Command

/** Columns of a line at most, also of a wider terminal. */
const widest = 100

interface Words {
  readonly name: string
  readonly title: string
  readonly tells: string
  readonly lacks: string
}

function inWords({ name, title, tells, lacks }: Words, columns: number): string {
  return [
    ...wrapped(`${name}: `, title, { columns, indent: 4 }),
    ...wrapped('  knows: ', tells, { columns, indent: 9 }),
    ...wrapped('  lacks: ', lacks, { columns, indent: 9 }),
  ].join('\n')
}

function wrapped(
  label: string,
  text: string,
  { columns, indent }: { columns: number; indent: number },
): readonly string[] {
  const [first = '', ...rest] = wrapAnsi(label.trimStart() + text, columns - indent).split('\n')
  const start = ' '.repeat(label.length - label.trimStart().length)
  return [start + first, ...rest.map((line) => ' '.repeat(indent) + line)]
}
