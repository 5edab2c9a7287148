// How fast answers are compared: all metrics over pairs of 200 words, the slowest of them, and texts made to take long.

import { diffWords } from 'diff'
import { type AnsweredCall, replayedComparisons, sidesOf } from '../../src/core/types.ts'
import { diffForPeople } from '../../src/diff/text.ts'
import { measurePair } from '../../src/score/measure.ts'
import { metrics as roster } from '../../src/score/metrics/index.ts'
import { absentFiles, defaultData, labelledReplies } from '../accuracy/labelled.ts'
import { asJson, asMarkdown, call, cutTo, hostile, type MeasuredPair, pairOf, plainContext } from './support/answers.ts'
import type { Bench } from './support/bench.ts'
import { median, quantile, type Row } from './support/table.ts'

type Make = (production: string, candidate: string) => MeasuredPair

const prose: Make = (a, b) => pairOf({ text: a }, { text: b })
const forms: Readonly<Record<string, Make>> = {
  prose,
  'prose, a word changed': (a) => pairOf({ text: a }, { text: a.replace(/\w{4,}/, 'other') }),
  Markdown: (a, b) => pairOf({ text: asMarkdown(a) }, { text: asMarkdown(b) }),
  'JSON with a schema': (a, b) => pairOf({ text: asJson(a) }, { text: asJson(b) }, jsonContext),
  'tool calls': (a, b) =>
    pairOf(
      { toolCalls: [{ name: 'write', arguments: asJson(a) }], stop: 'tool' },
      { toolCalls: [{ name: 'write', arguments: asJson(b) }], stop: 'tool' },
    ),
}

const jsonContext = {
  ...plainContext,
  asked: {
    isJson: true,
    tools: [],
    schema: {
      type: 'object',
      required: ['items'],
      properties: {
        items: {
          type: 'array',
          items: {
            type: 'object',
            required: ['id', 'title'],
            properties: {
              id: { type: 'integer' },
              title: { type: 'string' },
              tags: { type: 'array', items: { type: 'string' } },
            },
          },
        },
      },
    },
  },
} as const

/** Just below the bounds at which less is looked at, and far above. */
const lengths = [16_000, 30_000, 50_000, 100_000, 200_000, 500_000, 1_000_000]

export const metrics = {
  summary: 'pairs of answers measured a second on one core, the slowest, and texts made to take long',
  options: {
    words: { value: 200, help: 'words of an answer' },
    pairs: { value: 4000, help: 'pairs of each form' },
    rounds: { value: 5, help: 'rounds, of which the median is told' },
  },
  run: async ({ option, say }) => {
    if (absentFiles(defaultData).length > 0) throw new Error('the labelled answers are absent: see test/accuracy')
    const { production, candidate } = textsOf(option('words'))
    const rounds = Array.from({ length: option('rounds') }, (_, round) => round)
    const rows: Row[] = []
    for (const [form, make] of Object.entries(forms)) {
      say(form)
      const measured = rounds.map(() => timed(pairsOf(make, production, candidate, option('pairs')), compared))
      rows.push(rowOf(form, measured))
    }
    say('references')
    rows.push(
      rowOf(
        'reference: diffWords of `diff` over the prose',
        rounds.slice(0, 1).map(() => timed(pairsOf(prose, production, candidate, option('pairs') / 10), diffed)),
      ),
    )
    rows.push(
      rowOf(
        'prose of records asked twice, all six comparisons',
        rounds.map(() => timed(recordsAskedTwice(production, candidate, option('pairs') / 4), comparedAll)),
      ),
    )
    const slow = Object.entries(hostile).map(([what, make]) => {
      say(what)
      const [first, usual] = worstOf(lengths, (length) => {
        const [a, b] = make(length)
        return rounds.map(() => timed([pairOf({ text: a }, { text: b })], compared)[0] ?? Number.NaN)
      })
      const [firstDiff, usualDiff] = worstOf(lengths, (length) => {
        const [a, b] = make(length)
        return rounds.map(() => timed([0], () => void diffForPeople(a, `x${b}y`))[0] ?? Number.NaN)
      })
      return { what, 'first ms': first, 'median ms': usual, 'diff first ms': firstDiff, 'diff median ms': usualDiff }
    })
    return {
      tables: [
        { title: `metrics: ${roster.length} metrics, answers of ${option('words')} words, one core`, rows },
        {
          title: `texts made to take long, of ${lengths.map((each) => each.toLocaleString('en')).join(', ')} characters: the worst of these`,
          rows: slow,
        },
      ],
      remarks: ['answers are those of two models to the prompts of XSTest, one behind the other, cut to one length'],
    }
  },
} satisfies Bench

function textsOf(words: number) {
  const all = labelledReplies(defaultData).filter(({ dataset }) => dataset === 'xstest')
  const of = (model: string) =>
    cutTo(
      words,
      all.filter((each) => each.model === model).map(({ text }) => text),
    )
  return { production: of('llama2'), candidate: of('mistral') }
}

/** New replies each time: what is kept for a reply must not be found again. Made one by one, as a replay brings them. */
function* pairsOf(make: Make, production: readonly string[], candidate: readonly string[], count: number) {
  for (let place = 0; place < count; place++)
    yield make(production[place % production.length] ?? '', candidate[(place * 7) % candidate.length] ?? '')
}

function compared({ pair, context }: MeasuredPair): void {
  measurePair(pair, roster, context)
}

function diffed({ pair: { production, candidate } }: MeasuredPair): void {
  if (production.outcome.kind !== 'reply' || candidate.outcome.kind !== 'reply') return
  diffWords(production.outcome.reply.text, candidate.outcome.reply.text)
}

/** All comparisons of a record that both arms answer twice. */
function* recordsAskedTwice(production: readonly string[], candidate: readonly string[], count: number) {
  const texts = { production, candidate }
  for (let place = 0; place < count; place++) {
    const sides = (['production', 'candidate'] as const).flatMap((arm) =>
      ([0, 1] as const).map((trial) => {
        const text = texts[arm][(place + trial) % texts[arm].length] ?? ''
        return [`${arm} ${trial}`, call({ text })] as const
      }),
    )
    const calls = new Map<string, AnsweredCall>(sides)
    yield replayedComparisons.map((comparison): MeasuredPair => {
      const [left, right] = [sidesOf[comparison].left, sidesOf[comparison].right].map(([arm, trial]) =>
        calls.get(`${arm} ${trial}`),
      )
      if (!left || !right) throw new Error(`no answers for ${comparison}`)
      const pair = { recordId: 'r0', ordinal: place, comparison, production: left, candidate: right }
      return { pair, context: plainContext }
    })
  }
}

function comparedAll(all: readonly MeasuredPair[]): void {
  for (const each of all) compared(each)
}

/** Of the lengths' times, the largest first and the largest median. */
function worstOf(all: readonly number[], timesOf: (length: number) => readonly number[]): readonly [number, number] {
  const times = all.map(timesOf)
  return [Math.max(...times.map(([first = 0]) => first)), Math.max(...times.map(median))]
}

/** Milliseconds of each. */
function timed<Item>(items: Iterable<Item>, work: (item: Item) => void): number[] {
  const times: number[] = []
  for (const item of items) {
    const start = performance.now()
    work(item)
    times.push(performance.now() - start)
  }
  return times
}

function rowOf(what: string, rounds: readonly (readonly number[])[]): Row {
  const of = (figure: (times: readonly number[]) => number) => median(rounds.map(figure))
  return {
    what,
    'a second': of((times) => (1000 * times.length) / times.reduce((sum, each) => sum + each, 0)),
    'ms p50': of((times) => quantile(times, 0.5)),
    'ms p99': of((times) => quantile(times, 0.99)),
    'ms slowest': of((times) => Math.max(...times)),
  }
}
