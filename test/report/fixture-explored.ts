// Pairs for the explorer: the fixture's, one of JSON, one asked twice, and one that is hostile in every field.

import type { Changes } from '../../src/core/changes.ts'
import type { PairRow, SideDetail } from '../../src/core/pair.ts'
import type { PairExample, ReportInput } from '../../src/report/input.ts'
import { reportInput } from './fixture.ts'
import { changes } from './fixture-changes.ts'
import { examples, worstExample } from './fixture-examples.ts'
import { everything, hostile } from './hostile.ts'

function other(recordId: string, row: Partial<PairRow>, detail: Partial<PairExample['detail']>): PairExample {
  return {
    row: { ...worstExample.row, recordId, ...row },
    reasons: [`reason of ${recordId}`],
    detail: { ...worstExample.detail, recordId, ...detail },
  }
}

const said = (text: string, rest: Partial<SideDetail> = {}): SideDetail => ({
  ...worstExample.detail.production,
  text,
  ...rest,
})
const city = (name: string) => [{ name: 'weather', arguments: JSON.stringify({ city: name, days: 3 }) }]

export const idOf = {
  json: 'a'.repeat(24),
  again: 'b'.repeat(24),
  same: 'c'.repeat(24),
  hostile: everything,
} as const

const explored: readonly PairExample[] = [
  ...examples().map((example, ordinal) => ({ ...example, row: { ...example.row, ordinal } })),
  other(
    idOf.json,
    { ordinal: 10, similarity: 0.9, standing: 'improved' },
    {
      prompt: 'Give me the order as JSON, aubergine.',
      production: said('```json\n{"id": 1, "items": [1, 2, 3], "note": "the old one"}\n```', {
        toolCalls: city('Paris'),
      }),
      candidate: said('{"note":"the new one","items":[1,3],"id":1}', { toolCalls: city('London') }),
    },
  ),
  other(
    idOf.again,
    { ordinal: 11, similarity: 0.5, cluster: 'f'.repeat(12) },
    { production: said('one two three'), candidate: said('one two four'), again: said('one two five') },
  ),
  other(idOf.same, { ordinal: 12, similarity: 1, standing: 'same', badness: 0 }, {}),
  {
    row: {
      ...worstExample.row,
      ordinal: 13,
      recordId: idOf.hostile,
      kind: everything,
      cluster: everything,
      segments: { [hostile.html]: everything, ['__proto__']: hostile.html },
    },
    reasons: [everything],
    detail: {
      ordinal: 13,
      recordId: idOf.hostile,
      source: { file: everything, line: 1, format: everything },
      capturedAt: everything,
      api: everything,
      prompt: everything,
      production: said(everything, {
        outcome: everything,
        servedModel: everything,
        toolCalls: [{ name: everything, arguments: everything }],
      }),
      candidate: said(JSON.stringify({ [everything]: everything }), { outcome: everything, servedModel: everything }),
      again: said(everything, { outcome: everything }),
    },
  },
]

function clusters(): Changes {
  const all = changes()
  const [first] = all.clusters
  if (first === undefined) return all
  const example = { ordinal: 11, recordId: idOf.again }
  return {
    ...all,
    clusters: [
      ...all.clusters,
      { ...first, id: 'f'.repeat(12), words: 'one word edited', segment: null, example },
      { ...first, id: everything, words: everything, segment: { key: everything, value: everything } },
    ],
  }
}

export function exploredInput(parts: Partial<ReportInput>): ReportInput {
  return reportInput({
    changes: clusters(),
    pairs: explored.map(({ row }) => row),
    examples: explored,
    reasonsOf: ({ recordId }) => explored.find(({ row }) => row.recordId === recordId)?.reasons ?? [],
    ...parts,
  })
}
