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
    world.stdout(invocation.isJson ? JSON.stringify(known) : known.map(inWords).join('\n\n'))
    return 0
  },
} satisfies Command

function inWords({ name, title, tells, lacks }: { name: string; title: string; tells: string; lacks: string }) {
  return [`${name}: ${title}`, ...indented(`knows: ${tells}`), ...indented(`lacks: ${lacks}`)].join('\n')
}

function indented(text: string): readonly string[] {
  return wrapAnsi(text, 96)
    .split('\n')
    .map((line, at) => (at === 0 ? `  ${line}` : `         ${line}`))
}
