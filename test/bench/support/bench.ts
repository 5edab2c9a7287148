// What every bench is: a name's summary, its options, and the work.

import type { BenchResult } from './table.ts'

export interface Bench {
  readonly summary: string
  /** Numbers, each with its default. */
  readonly options: Readonly<Record<string, { readonly value: number; readonly help: string }>>
  readonly run: (call: BenchCall) => Promise<BenchResult>
}

export interface BenchCall {
  /** Of an option that the bench declares. */
  readonly option: (name: string) => number
  /** Another build's `dist/cli.js`. */
  readonly cli: string | undefined
  /** Progress, on standard error. */
  readonly say: (text: string) => void
}
