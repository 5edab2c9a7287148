// From a judged run to report.html, beside reading the same texts, packing them once and writing them.

import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bench } from './support/bench.ts'
import { type ChildResult, runChild } from './support/child.ts'
import { segmentKeys, writeMeasuredStore } from './support/measured-store.ts'
import { median, type Row } from './support/table.ts'
import { createWorkspace, type Workspace } from './support/workspace.ts'

const reference = fileURLToPath(new URL('children/read-texts.ts', import.meta.url))

export const report = {
  summary: 'from a judged run to report.html, beside reading, packing and writing the same texts',
  options: {
    pairs: { value: 10_000, help: 'pairs of the run' },
    words: { value: 200, help: 'words of a prompt and of an answer, about' },
    rounds: { value: 5, help: 'rounds, of which the median is told' },
  },
  run: async ({ option, cli, say }) => {
    const [pairs, words] = [option('pairs'), option('words')]
    using workspace = createWorkspace({ lines: 0, cli })
    say('writing and judging the store')
    writeFileSync(join(workspace.folder, 'shadowgate.yaml'), JSON.stringify(config))
    await writeMeasuredStore(workspace.store, { pairs, hasConversations: false, words })
    await workspace.shadowgate(['gate', '--exit-zero'])
    const kinds = shownOf(pairs).map((shown) => ({ shown, reports: runsOf(), references: runsOf() }))
    for (let round = 0; round < option('rounds'); round++) {
      say(`round ${round + 1}`)
      for (const { shown, reports, references } of kinds) {
        reports.push(await reported(workspace, shown))
        references.push(await packed(workspace, shown))
      }
    }
    return {
      tables: [
        {
          title: `report.html of ${pairs} judged pairs of ${words} words, median of ${option('rounds')}`,
          rows: kinds.map(({ shown, reports, references }) => rowOf(shown, reports, references)),
        },
      ],
      remarks: [
        'reference: as many pairs read by DuckDB, joined, packed by gzip and written, in a process of its own; × reference: how many times as long the report takes',
      ],
    }
  },
} satisfies Bench

const target = (arm: string) => ({ baseUrl: 'http://127.0.0.1:9/v1', model: `mock-${arm}` })
const config = {
  store: 'store.duckdb',
  targets: { production: target('production'), candidate: target('candidate') },
  gate: { segments: segmentKeys },
  report: { dir: 'reports', formats: ['html'] },
}

/** `report.pairs` as it is where nobody sets it, and the most that it takes. */
function shownOf(pairs: number): number[] {
  return [...new Set([Math.min(pairs, 200), Math.min(pairs, 5000)])]
}

interface Run {
  readonly child: ChildResult
  /** Of the file that was written. */
  readonly mb: number
}

const runsOf = (): Run[] => []

async function reported({ shadowgate, folder }: Workspace, shown: number): Promise<Run> {
  const child = await shadowgate(['report', '--report-pairs', String(shown), '--json'])
  const files: { files: readonly string[] } = JSON.parse(child.stdout)
  const [file] = files.files
  if (file === undefined || !file.endsWith('report.html')) throw new Error(`no page was written: ${child.stdout}`)
  return { child, mb: megabytes(join(folder, file)) }
}

async function packed({ folder, store }: Workspace, shown: number): Promise<Run> {
  const file = join(folder, 'packed.gz')
  const child = await runChild([reference, store, file, String(shown)], { cwd: folder })
  const { rows }: { rows: number } = JSON.parse(child.stdout)
  if (rows !== shown) throw new Error(`the reference read ${rows} of ${shown} pairs`)
  return { child, mb: megabytes(file) }
}

function megabytes(file: string): number {
  return statSync(file).size / 2 ** 20
}

function rowOf(shown: number, reports: readonly Run[], references: readonly Run[]): Row {
  const of = (runs: readonly Run[], value: (run: Run) => number) => median(runs.map(value))
  const seconds = of(reports, ({ child }) => child.wallSeconds)
  const referenceSeconds = of(references, ({ child }) => child.wallSeconds)
  return {
    'pairs shown': shown,
    seconds,
    'CPU s': of(reports, ({ child }) => child.cpuSeconds),
    'peak MB': of(reports, ({ child }) => child.peakMb),
    'page MB': of(reports, ({ mb }) => mb),
    'reference s': referenceSeconds,
    'reference MB': of(references, ({ mb }) => mb),
    '× reference': seconds / referenceSeconds,
  }
}
