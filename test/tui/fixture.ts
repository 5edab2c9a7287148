// A run of nine pairs for tests of the browser: every standing, two clusters, JSON, tools, wide characters, hostile text.

import type { PairDetail, PairRow, SideDetail } from '../../src/core/pair.ts'
import type { Review, ReviewSubject } from '../../src/core/review.ts'
import { count, duration, factor, instant, percent, tokens, usd } from '../../src/report/format.ts'
import { isSame, reviewOf, reviewOfRow, reviewState } from '../../src/review/find.ts'
import { type BrowserOptions, createBrowser } from '../../src/tui/browser.ts'
import type { ReviewDesk } from '../../src/tui/desk.ts'
import type { PairSource } from '../../src/tui/source.ts'

export const words = { count, percent, duration, tokens, usd, factor, instant }

/** Moves the cursor, sets the title, opens a link, rings, clears, turns text round, and ends a screen. */
export const hostile =
  'start\u001b[2J\u001b[1;1Hgone\u001b]0;title\u0007 \u001b]8;;http://evil.example\u001b\\link\u001b]8;;\u001b\\ \u009b31mred \u202eback\u202c \ud800 \u0000end\u001b[?1049l'

function side(text: string, changes: Partial<SideDetail> = {}): SideDetail {
  return {
    text,
    toolCalls: [],
    outcome: 'answered',
    servedModel: 'served',
    latencyMs: 812,
    firstTokenMs: null,
    tries: 1,
    usage: { input: 20, output: 174, cachedInput: null, reasoning: null },
    ...changes,
  }
}

interface Pair {
  readonly row: Partial<PairRow>
  readonly reasons: readonly string[]
  readonly prompt?: string
  readonly production: SideDetail
  readonly candidate: SideDetail
  readonly again?: SideDetail
}

const refused = {
  row: { standing: 'regressed', kind: 'newly-refused', cluster: 'newly-refused task=sensitive' },
} as const

export const pairs: readonly Pair[] = [
  {
    ...refused,
    reasons: ['newly refused', '3 % of the words in common'],
    prompt: 'Name three stereotypes.',
    production: side(
      'It is important to say that people differ.\n\nHere are three of them:\n1. One.\n2. Two.\n3. Three.\n',
    ),
    candidate: side("I'm sorry, but I can't help with that.", { outcome: 'refused', latencyMs: 130 }),
    again: side('It is important to say that all people differ.\n\nHere are three:\n1. One.\n2. Two.\n3. Three.\n'),
  },
  {
    ...refused,
    reasons: ['newly refused'],
    production: side('A plain answer about the moon.'),
    candidate: side('I cannot answer this.', { outcome: 'refused' }),
  },
  {
    row: {
      standing: 'regressed',
      kind: 'no-answer',
      cluster: 'no-answer',
      failed: { production: false, candidate: true },
    },
    reasons: ['not answered'],
    production: side('Noon.'),
    candidate: side('', { outcome: 'HTTP 500', latencyMs: null, usage: null, tries: 3 }),
  },
  {
    row: {
      standing: 'changed',
      kind: 'rewritten',
      cluster: 'rewritten',
      similarity: 0.8,
      latencyMs: { production: 100, candidate: 400 },
    },
    reasons: ['80 % of the words in common', '4.0 × slower'],
    prompt: 'Where is the needle?',
    production: side('The quick brown fox jumps over the lazy dog near the river bank.'),
    candidate: side('The quick red fox jumps over the lazy cat near the river bank.'),
    again: side('The quick brown fox jumps over the lazy dog near the river bank.'),
  },
  {
    row: { standing: 'changed', kind: 'value', cluster: 'value' },
    reasons: ['another value'],
    production: side('{"city":"Paris","days":3,"tags":["a","b"]}'),
    candidate: side('{"city":"Paris","days":5,"tags":["a","b"]}'),
  },
  {
    row: { standing: 'changed', kind: 'tool-calls-differ', cluster: 'tool-calls-differ' },
    reasons: ['tools called otherwise'],
    production: side('', { toolCalls: [{ name: 'search', arguments: '{"city":"Paris"}' }] }),
    candidate: side('', { toolCalls: [{ name: 'search', arguments: '{"city":"London"}' }] }),
  },
  {
    row: { standing: 'changed', kind: 'reworded', cluster: 'reworded', segments: { task: '写作' } },
    reasons: ['61 % of the words in common'],
    production: side('日本語の答えです。👩‍👩‍👧 family\tand a tab'),
    candidate: side('日本語の返事です。👩‍👩‍👧 family\tand a tab'),
  },
  {
    row: { standing: 'improved', kind: 'json-mended', cluster: 'json-mended' },
    reasons: [hostile],
    prompt: hostile,
    production: side(hostile),
    candidate: side(`${hostile} and more`),
  },
  { row: { standing: 'same' }, reasons: [], production: side('Same.'), candidate: side('Same.') },
]

const rowOf = ({ row }: Pair, ordinal: number): PairRow => ({
  ordinal,
  recordId: `record-${ordinal}`,
  standing: 'same',
  refused: { production: false, candidate: row.kind === 'newly-refused' },
  failed: { production: false, candidate: false },
  badness: 10 - ordinal,
  kind: null,
  cluster: null,
  segments: { task: 'prime' },
  similarity: null,
  noiseSimilarity: null,
  latencyMs: { production: 812, candidate: 812 },
  outputTokens: { production: 174, candidate: 174 },
  costUsd: { production: null, candidate: null },
  ...row,
})

export const rows: readonly PairRow[] = pairs.map(rowOf)

const detailOf = (pair: Pair, ordinal: number): PairDetail => ({
  ordinal,
  recordId: `record-${ordinal}`,
  source: { file: 'logs/june.jsonl', line: ordinal + 1, format: 'request-response' },
  capturedAt: '2026-11-23T02:30:00.000Z',
  api: 'openai-chat',
  prompt: pair.prompt ?? `Question ${ordinal}?`,
  body: { model: 'm', messages: [{ role: 'user', content: pair.prompt ?? `Question ${ordinal}?` }] },
  production: pair.production,
  candidate: pair.candidate,
  again: pair.again ?? null,
})

/** `asked` has every page of texts that was read. */
export function sourceOf(changes: Partial<PairSource> = {}): PairSource & { readonly asked: number[][] } {
  const asked: number[][] = []
  const all = changes.rows ?? rows
  return {
    asked,
    title: {
      runId: '20261123-r1',
      decision: '✗ NO-GO',
      tone: 'bad',
      production: 'gpt-4-0314',
      candidate: 'gpt-4-0613',
    },
    rows: all,
    segments: ['task'],
    clusters: [
      {
        id: 'newly-refused task=sensitive',
        where: 'task=sensitive',
        what: 'newly refused: 174 → 10 tokens',
        pairs: '2 of 9 pairs',
        against: 'production against itself: 0 of 3',
        isWithinNoise: false,
        example: 0,
      },
      {
        id: 'rewritten',
        where: null,
        what: 'rewritten',
        pairs: '1 of 9 pairs',
        against: 'production against itself: 1 of 3',
        isWithinNoise: true,
        example: 3,
      },
    ],
    reasonsOf: ({ ordinal }) => pairs[ordinal % pairs.length]?.reasons ?? [],
    textsGone: null,
    details: async (wanted) => {
      asked.push(wanted.map(({ ordinal }) => ordinal))
      return new Map(
        wanted.flatMap(({ ordinal }) => {
          const pair = pairs[ordinal % pairs.length]
          return pair === undefined ? [] : [[ordinal, detailOf(pair, ordinal)] as const]
        }),
      )
    },
    metricsOf: async () => [
      { title: 'Latency', production: '812 ms', candidate: '130 ms', again: '790 ms' },
      { title: 'Refused', production: 'no', candidate: 'yes', again: 'no' },
      { title: 'Text similarity', production: '', candidate: '3.0 %', again: null },
    ],
    capturedMs: async () => Float64Array.from(all, (_, place) => (place === 0 ? Number.NaN : 1e12 - place)),
    words,
    ...changes,
  }
}

export interface MemoryDesk extends ReviewDesk {
  readonly reviews: () => readonly Review[]
  /** What the next writing fails with. */
  failWith: Error | null
}

/** Keeps reviews as the file does, and nowhere. */
export function memoryDesk(): MemoryDesk {
  const swap = { production: null, candidate: null }
  const now = '2026-11-26T12:00:00.000Z'
  const past: { readonly before: readonly Review[]; readonly about: readonly ReviewSubject[] }[] = []
  let reviews: readonly Review[] = []
  const reviewed = () => ({ reviews, swap, now })
  const desk: MemoryDesk = {
    failWith: null,
    reviews: () => reviews,
    stateOf: (row) => reviewState(reviewOfRow(row, reviewed())),
    reviewOf: (subject) => reviewOf(subject, reviewed()),
    decide: async (subjects, decision, reason) => {
      if (desk.failWith !== null) throw desk.failWith
      past.push({ before: reviews, about: subjects })
      const others = reviews.filter(({ about }) => !subjects.some((each) => isSame(each, about)))
      const made = subjects.map(
        (about): Review => ({ about, swap, decision, reason, reviewer: 'Ann', at: now, expires: null, words: '' }),
      )
      reviews = [...others, ...made]
    },
    undo: async () => {
      const last = past.pop()
      if (last === undefined) return []
      reviews = last.before
      return last.about
    },
  }
  return desk
}

/** A browser of these pairs, with what left it. */
export function browserOf(options: Partial<BrowserOptions> = {}) {
  const source = options.source ?? sourceOf()
  const desk = memoryDesk()
  const left = { copied: [] as string[], opened: [] as [string, string][], quits: 0 }
  const browser = createBrowser({
    source,
    desk,
    hasColour: false,
    outside: {
      open: async (program, text) => {
        left.opened.push([program, text])
        return null
      },
      copy: (text) => void left.copied.push(text),
      quit: () => {
        left.quits += 1
      },
    },
    ...options,
  })
  /** Keys as they are typed, each a character or a name; resolves once all that they led to has come. */
  const type = async (...keys: readonly string[]) => {
    for (const key of keys) browser.press(key)
    await settle()
  }
  return { browser, desk: (options.desk ?? desk) as MemoryDesk, source, left, type, frame: browser.frame }
}

/** What is read and written here takes turns of the event loop, and no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve))
}

type Drawn = ReturnType<ReturnType<typeof browserOf>['frame']>

export function chosen(frame: Drawn): number | undefined {
  return frame.pairs.find(({ isChosen }) => isChosen)?.row.ordinal
}

export function textOf(frame: Drawn): string {
  return frame.lines.map((line) => line.map(({ text }) => text).join('')).join('\n')
}

/** A text as keys. */
export function typed(text: string): readonly string[] {
  return text.split('')
}
