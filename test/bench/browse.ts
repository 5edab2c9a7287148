// From the start of the process to a screen that can be read, how fast keys are answered, and the memory; beside plain DuckDB.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startTerminal } from '../support/terminal.ts'
import type { Bench } from './support/bench.ts'
import { type ChildResult, runChild } from './support/child.ts'
import { segmentKeys, writeMeasuredStore } from './support/measured-store.ts'
import { median } from './support/table.ts'
import { createWorkspace, type Workspace } from './support/workspace.ts'

const reader = fileURLToPath(new URL('children/read-columns.ts', import.meta.url))
const bareScreen = fileURLToPath(new URL('children/bare-screen.ts', import.meta.url))

export const browse = {
  summary: 'opens the terminal browser on a large run and types in it',
  options: {
    pairs: { value: 100_000, help: 'pairs of the run' },
    rounds: { value: 5, help: 'rounds, of which the median is told' },
  },
  run: async ({ option, cli, say }) => {
    const pairs = option('pairs')
    using workspace = createWorkspace({ lines: 0, cli })
    writeFileSync(join(workspace.folder, 'shadowgate.yaml'), JSON.stringify(config))
    say('writing the store')
    await writeMeasuredStore(workspace.store, { pairs, hasConversations: false })
    say('judging it')
    await runChild([workspace.cli, 'gate', '--quiet', '--exit-zero'], { cwd: workspace.folder })
    const sittings: Sitting[] = []
    const [references, bare]: [ChildResult[], ChildResult[]] = [[], []]
    for (let round = 0; round < option('rounds'); round++) {
      say(`round ${round + 1}`)
      references.push(await runChild([reader, workspace.store], { cwd: workspace.folder }))
      bare.push(await runChild([bareScreen, workspace.store], { cwd: workspace.folder }))
      sittings.push(await sit(workspace, pairs))
    }
    const of = (key: keyof Sitting) => median(sittings.map((each) => each[key]))
    const referenceMs = 1000 * median(references.map(({ wallSeconds }) => wallSeconds))
    const child = (what: string, results: readonly ChildResult[]) => {
      const listMs = 1000 * median(results.map(({ wallSeconds }) => wallSeconds))
      return {
        what,
        'list ms': listMs,
        'list cpu ms': 1000 * median(results.map(({ cpuSeconds }) => cpuSeconds)),
        'texts ms': null,
        '× reference': listMs / referenceMs,
        'a key ms': null,
        'to the end ms': null,
        'filter ms': null,
        'list MB': null,
        'peak MB': median(results.map(({ peakMb }) => peakMb)),
      }
    }
    return {
      tables: [
        {
          title: `browse ${pairs} pairs, median of ${sittings.length}`,
          rows: [
            {
              what: 'shadowgate browse',
              'list ms': of('listMs'),
              'list cpu ms': of('listCpuMs'),
              'texts ms': of('textsMs'),
              '× reference': of('listMs') / referenceMs,
              'a key ms': of('keyMs'),
              'to the end ms': of('endMs'),
              'filter ms': of('filterMs'),
              'list MB': of('listMb'),
              'peak MB': of('peakMb'),
            },
            child('plain DuckDB reads the columns, and ends', references),
            child('Node, Ink and DuckDB are loaded, and end', bare),
          ],
        },
      ],
      remarks: [
        'the run was judged once, as after every night; cpu: of all threads, which tells more where processors are shared',
        'list: from the start of the process until pairs are listed; texts: until both answers of the first are read and compared',
        'a key: one down, until its texts are on the screen; the terminal emulator that reads the screen is part of all times',
      ],
    }
  },
} satisfies Bench

const target = (arm: string) => ({ baseUrl: 'http://127.0.0.1:9/v1', model: `mock-${arm}` })
const config = {
  store: 'store.duckdb',
  targets: { production: target('production'), candidate: target('candidate') },
  gate: { segments: segmentKeys },
}

interface Sitting {
  readonly listMs: number
  readonly listCpuMs: number
  /** The most until then. */
  readonly listMb: number
  readonly textsMs: number
  readonly keyMs: number
  readonly endMs: number
  readonly filterMs: number
  readonly peakMb: number
}

async function sit({ folder, cli }: Workspace, pairs: number): Promise<Sitting> {
  const startedAt = performance.now()
  const terminal = startTerminal(['browse'], { cwd: folder, cli, columns: 120, rows: 40 })
  const of = (place: number) => `${place.toLocaleString('en-US')} of ${pairs.toLocaleString('en-US')}`
  const since = async (from: number, is: (text: string) => boolean) => {
    await terminal.until(is)
    return performance.now() - from
  }
  const isRead = (text: string) => text.includes('candidate ') && !text.includes('reading …')
  const listMs = await since(startedAt, (text) => text.includes(of(1)))
  const [listCpuMs, listMb] = [cpuMsOf(terminal.pid), peakMbOf(terminal.pid)]
  const textsMs = await since(startedAt, isRead)
  const keys: number[] = []
  for (let place = 2; place <= 40; place++) {
    const from = performance.now()
    terminal.type('j')
    keys.push(await since(from, (text) => text.includes(of(place)) && isRead(text)))
  }
  let from = performance.now()
  terminal.type('G')
  const endMs = await since(from, (text) => text.includes(of(pairs)) && isRead(text))
  from = performance.now()
  terminal.type('/regressed latency>2\r')
  const filterMs = await since(
    from,
    (text) => text.includes('/ regressed latency>2') && text.includes(' 1 of ') && isRead(text),
  )
  const peakMb = peakMbOf(terminal.pid)
  terminal.type('q')
  await terminal.ended
  return { listMs, listCpuMs, listMb, textsMs, keyMs: median(keys), endMs, filterMs, peakMb }
}

function peakMbOf(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
}

/** Of all its threads; Linux counts in hundredths of a second. */
function cpuMsOf(pid: number): number {
  const numbers = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return 10 * (Number(numbers[11]) + Number(numbers[12]))
}
