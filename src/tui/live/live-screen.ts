// The live screen: keys and answers in, lines out. It asks no clock: whoever holds the terminal says when to ask again.

import { thrownMessage, unreachable } from '../../core/fault.ts'
import { arms } from '../../core/types.ts'
import { oneLine } from '../../core/visible-text.ts'
import { fill } from '../cells.ts'
import { type Line, line, type Span, span } from '../spans.ts'
import type { LiveArm, LiveLook, LiveOrder, LiveSource, LiveStatus } from './live-source.ts'

export interface LiveScreen {
  readonly press: (key: string) => void
  /** Asks how it is. */
  readonly ask: () => Promise<void>
  readonly lines: (columns: number) => readonly Line[]
  readonly subscribe: (listener: () => void) => () => void
  /** Another number after each change. */
  readonly version: () => number
}

export function createLiveScreen(source: LiveSource, quit: () => void): LiveScreen {
  const listeners = new Set<() => void>()
  let version = 0
  /** undefined until the first answer. */
  let status: LiveStatus | null | undefined
  let told: Span = span('')
  let isAsking = false
  const changed = () => {
    version += 1
    for (const listener of listeners) listener()
  }
  const say = (text: string, tone: Span['tone'] = 'quiet') => {
    told = span(text, tone)
    changed()
  }
  const hear = async (asked: Promise<LiveStatus | null>, words: string | null) => {
    try {
      const answer = await asked
      // What was last known of a replay that has ended is worth a look.
      status = answer ?? (status === undefined ? null : status)
      if (answer === null) say('the replay has ended: shadowgate browse reads its pairs', 'good')
      else if (words !== null) say(words, 'good')
      changed()
    } catch (error) {
      say(thrownMessage(error), 'bad')
    }
  }
  /** Orders are given one after the other, so that the last one typed is the last one heard. */
  let given: Promise<unknown> = Promise.resolve()
  const order = (wanted: LiveOrder, words: string) => {
    given = given.then(() => hear(source.order(wanted), words))
    return given
  }
  /** What was asked for and is not told of yet: keys are faster than answers. */
  let wide: { readonly production: number; readonly candidate: number } | null = null
  const widen = async (by: number) => {
    if (!status) return
    const { production, candidate } = status.arms
    const from = wide ?? { production: production.most, candidate: candidate.most }
    const within = (most: number) => Math.max(1, Math.min(4096, most + by))
    const own = { production: within(from.production), candidate: within(from.candidate) }
    wide = own
    await order({ action: 'concurrency', ...own }, `at most ${own.production} and ${own.candidate} in flight`)
    if (wide === own) wide = null
  }
  const keys: Readonly<Record<string, () => void>> = {
    p: () => void order({ action: 'pause' }, 'paused'),
    r: () => void order({ action: 'resume' }, 'goes on'),
    '+': () => void widen(1),
    '=': () => void widen(1),
    '-': () => void widen(-1),
    S: () => {
      isAsking = true
      say(
        'stop the replay? what runs is let end, and the next run goes on from there · y stops, any other key does not',
        'doubt',
      )
    },
    q: quit,
    'ctrl+c': quit,
    escape: quit,
  }
  return {
    press: (key) => {
      if (!isAsking) return keys[key]?.()
      isAsking = false
      if (key === 'y') return void order({ action: 'stop' }, 'it is stopping')
      if (key === 'q' || key === 'ctrl+c') return quit()
      say('it goes on')
    },
    ask: () => hear(source.status(), null),
    lines: (columns) => [...linesOf(status, source.words, columns), [], [told], footLine],
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    version: () => version,
  }
}

const footLine: Line = [
  ['p', 'pause'],
  ['r', 'resume'],
  ['+ -', 'concurrency'],
  ['S', 'stop'],
  ['q', 'quit'],
].flatMap(([key = '', word = ''], place): Span[] => [
  span(`${place === 0 ? '' : '  '}${key}`, 'title'),
  span(` ${word}`, 'quiet'),
])

type LiveWords = LiveSource['words']

function linesOf(status: LiveStatus | null | undefined, words: LiveWords, columns: number): readonly Line[] {
  if (status === undefined) return [line('asking the replay …', 'quiet')]
  if (status === null) return [line('No replay is running on this store.', 'quiet')]
  const { runId, pid, since, retries, costUsd, isPaused } = status
  const cost = costUsd === null ? '' : ` · ${words.usd(costUsd)}`
  return [
    [span('replay ', 'title'), span(runId), span(`  process ${pid}, since ${words.instant(since)}`, 'quiet')],
    [],
    progressLine(status, words, columns),
    [
      span(paceWords(status, words)),
      span(`${cost} · ${words.count(retries)} ${retries === 1 ? 'retry' : 'retries'}`),
      ...(isPaused ? [span(' · paused', 'doubt')] : []),
    ],
    [],
    ...arms.flatMap((arm) => armLines(arm, status.arms[arm], words)),
    [],
    ...lookLines(status.look, words),
  ]
}

function progressLine({ done, calls }: LiveStatus, words: LiveWords, columns: number): Line {
  const share = calls === 0 ? 1 : done / calls
  const text = ` ${words.percent(share)}  ${words.count(done)} of ${words.count(calls)} calls`
  const room = Math.max(10, Math.min(60, columns - text.length - 2))
  const full = Math.floor(share * room)
  return [span('█'.repeat(full), 'good'), span('░'.repeat(room - full), 'quiet'), span(text)]
}

function paceWords({ perSecond, secondsLeft }: LiveStatus, words: LiveWords): string {
  const left = secondsLeft === null ? 'no end in sight yet' : `${words.span(1000 * secondsLeft)} left`
  return `${words.count(Math.round(perSecond))} calls a second · ${left}`
}

function armLines(name: string, { inFlight, limit, most, heldMs, errors }: LiveArm, words: LiveWords): readonly Line[] {
  const held = heldMs > 0 ? ` · held for ${words.span(heldMs)}` : ''
  const kinds = Object.entries(errors).toSorted(([, a], [, b]) => b - a)
  const failed = kinds.map(([kind, count]) => `${words.count(count)} ${oneLine(kind)}`).join(', ')
  return [
    [span(fill(name, 12), 'title'), span(`${inFlight} in flight of ${limit}, at most ${most}${held}`)],
    [span(' '.repeat(12)), failed === '' ? span('no errors', 'quiet') : span(`errors: ${failed}`, 'bad')],
  ]
}

function lookLines(look: LiveLook | null, words: LiveWords): readonly Line[] {
  if (look === null) return [line('No look at the run was taken yet.', 'quiet')]
  const seen = look.taken === 0 ? 'none yet' : `after ${words.count(look.records)} records`
  return [
    [span('looks ', 'title'), span(`${look.taken} of ${look.of}, ${seen}`)],
    ...look.rules.map(({ subject, outcome }): Line => [outcomeMark(outcome), span(` ${oneLine(subject)}`)]),
  ]
}

function outcomeMark(outcome: LiveLook['rules'][number]['outcome']): Span {
  switch (outcome) {
    case 'pass':
      return span('✓ holds  ', 'good')
    case 'fail':
      return span('✗ broken ', 'bad')
    case 'open':
      return span('≈ open   ', 'doubt')
    default:
      return unreachable(outcome)
  }
}
