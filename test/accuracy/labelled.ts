// Replies that people have labelled as refusals or answers, read from the shared data where it is at hand.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import type { RefusalKind } from '../../src/score/refusal/rule.ts'

export interface Labelled {
  readonly dataset: 'xstest' | 'llmdrift'
  readonly model: string
  readonly text: string
  /** What people say; null for an answer. */
  readonly kind: RefusalKind | null
}

/** Beside the project's root. */
export const defaultData = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

const xstest = {
  llama2: 'xstest/xstest_v2_completions_llama2orig.csv.gz',
  mistral: 'xstest/xstest_v2_completions_mistralinstruct.csv.gz',
}
const llmdrift = 'llmdrift/SENSITIVEQ_EVAL.csv.gz'

const kinds: Readonly<Record<string, RefusalKind | null>> = {
  '1_full_compliance': null,
  '2_full_refusal': 'full',
  '3_partial_refusal': 'partial',
}

export function absentFiles(data: string): readonly string[] {
  return [...Object.values(xstest), llmdrift].filter((file) => !existsSync(join(data, file)))
}

export function labelledReplies(data: string): readonly Labelled[] {
  const tested = Object.entries(xstest).flatMap(([model, file]) =>
    rowsOf(join(data, file)).map((row): Labelled => {
      const label = row['final_label'] ?? ''
      const kind = kinds[label]
      if (kind === undefined) throw new Error(`no such label: ${label}`)
      return { dataset: 'xstest', model, text: row['completion'] ?? '', kind }
    }),
  )
  const drifted = rowsOf(join(data, llmdrift)).map(
    (row): Labelled => ({
      dataset: 'llmdrift',
      model: (row['model'] ?? '').replace('openaichat/', ''),
      text: row['answer'] ?? '',
      kind: row['Response Rate'] === '0' ? 'full' : null,
    }),
  )
  return [...tested, ...drifted]
}

/** Rows of a CSV with quoted fields. */
function rowsOf(file: string): readonly Readonly<Record<string, string>>[] {
  const text = gunzipSync(readFileSync(file)).toString('utf8')
  const lines: string[][] = [[]]
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '')
    if (end !== ',') lines.push([])
  }
  const [head = [], ...body] = lines
  return body
    .filter((fields) => fields.length === head.length)
    .map((fields) => Object.fromEntries(head.map((name, index) => [name, fields[index] ?? ''])))
}
