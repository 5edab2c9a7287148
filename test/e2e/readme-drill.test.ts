// What the README shows of the canary is what its commands print today: they are run as they stand there.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { stringify } from 'yaml'
import { runCli, temporaryFolder } from '../support/cli.ts'

const readme = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8')

interface Shown {
  readonly command: string
  readonly lines: readonly string[]
}

/** Commands of the README with `$` before them, from the first drill on, and what stands below each. */
function shownOfDrill(): readonly Shown[] {
  const block = /^ {4}\$ npx shadowgate drill .*\n(?: {4}.*\n)+/m.exec(readme)?.[0] ?? ''
  return block.split(/^ {4}\$ /m).flatMap((part) => {
    const [command, ...lines] = part.split('\n').map((line) => line.replace(/^ {4}/, ''))
    return command ? [{ command: command.replace(/ +#.*/, ''), lines: lines.filter((line) => line !== '') }] : []
  })
}

/** Without what another run has otherwise: numbers, outcomes, which rules, and so how wide a column is. */
function shape(line: string): string {
  return line
    .replaceAll(/\s+/g, ' ')
    .replace(/[≈✓✗○] (?:inconclusive|pass|fail|not-evaluable)/, 'outcome')
    .replace(/\d+ blocking rules?: [a-z0-9, -]+?(?= could|\.)/, 'rules')
    .replace(/latency-p\d\d(?:, latency-p\d\d)*/, 'latency')
    .replaceAll(/[−+]?\d[\d.,:-]*/g, '#')
    .replaceAll(/#\s(?:ms|s|min|h)\b(?: #\s(?:ms|s|min|h)\b)*/g, 'time')
    .replaceAll(/(?:# %|#×|# pp)/g, '#')
    .trim()
}

/** `…` in a line of the README stands for whatever else the product says there. */
function isSaid(line: string, said: readonly string[]): boolean {
  const [first = '', ...more] = shape(line).split('…')
  return said.some((each) => {
    const text = shape(each)
    if (more.length === 0) return text === first
    return text.startsWith(first) && text.endsWith(more.at(-1) ?? '')
  })
}

it('the README shows a drill, its history and its status as the product prints them', {
  timeout: 300_000,
}, async () => {
  const folder = temporaryFolder()
  const target = { api: 'openai-chat', baseUrl: 'http://127.0.0.1:1/v1' }
  const targets = { production: { ...target, model: 'old' }, candidate: { ...target, model: 'new' } }
  writeFileSync(join(folder, 'shadowgate.yaml'), stringify({ logs: [{ path: 'logs' }], targets }))
  const shown = shownOfDrill()
  expect(shown.map(({ command }) => command.split(' ').slice(0, 3).join(' '))).toEqual([
    'npx shadowgate drill',
    'npx shadowgate ramp',
    'cat drilled/control.status.txt',
  ])
  for (const { command, lines } of shown) {
    const [program, file = '', ...words] = command.split(' ')
    const said =
      program === 'cat' ? readFileSync(join(folder, file), 'utf8') : (await runCli(words, { cwd: folder })).stdout
    const wanted = lines.filter((line) => line.trim() !== '…')
    expect(wanted.length, command).toBeGreaterThan(1)
    expect(
      wanted.filter((line) => !isSaid(line, said.split('\n'))),
      `${command}:\n${said}`,
    ).toEqual([])
  }
})
