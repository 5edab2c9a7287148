// How an answer is spoilt: late, replaced, cut, made longer, or not given at all.

import type { Clock } from '../../core/clock.ts'
import type { Timeouts, Usage } from '../../core/types.ts'
import { AnswerFolder } from '../../providers/answer-folder.ts'
import { framingOf } from '../../providers/framing.ts'
import { providerNamed } from '../../providers/index.ts'
import type { Framing } from '../../providers/provider.ts'
import { headerText, type ResponseHeaders } from '../../providers/response-headers.ts'
import type { Exchange, Failure, Sink } from '../proxy/forward.ts'
import { createFrameCutter } from './frames.ts'
import { longerBody, longerFrame } from './longer.ts'
import { speak } from './spoken.ts'

export interface SpoilOptions {
  readonly api: string
  readonly model: string
  readonly timeouts: Pick<Timeouts, 'firstTokenMs'>
  readonly clock: Pick<Clock, 'elapsed' | 'sleep'>
}

/** `ask` sends the request; whoever does not call it answers without the target. `sink` is told nothing before this returns. */
export type Spoil = (ask: (sink: Sink) => Exchange, sink: Sink, options: SpoilOptions) => Exchange

const left: Failure = { kind: 'left', detail: 'the client went away' }

/** An error of the server, at once. */
export function answering(status: number): Spoil {
  // One body that every API reads a message from.
  const error = { type: 'server_error', code: status, message: `a drill of shadowgate: HTTP ${status}` }
  const body = Buffer.from(JSON.stringify({ type: 'error', error }))
  return instead(
    () => 0,
    (sink) => {
      sink.start(status, { 'content-type': 'application/json', 'content-length': String(body.length) })
      sink.data(body)
      sink.end()
    },
  )
}

export const resetting: Spoil = instead(
  () => 0,
  (sink) => sink.fail({ kind: 'broken', detail: 'ECONNRESET: a drill of shadowgate' }),
)

/** As a target that takes the request and never says a word: it ends as the connection's own limit would end it. */
export const hanging: Spoil = instead(
  ({ timeouts }) => timeouts.firstTokenMs,
  (sink, { timeouts }) => sink.fail({ kind: 'timeout', detail: `no answer within ${timeouts.firstTokenMs} ms` }),
)

function instead(
  afterMs: (options: SpoilOptions) => number,
  answer: (sink: Sink, options: SpoilOptions) => void,
): Spoil {
  return (_, sink, options) => {
    const over = new AbortController()
    const wait = async () => {
      await options.clock.sleep(afterMs(options), over.signal)
      if (!over.signal.aborted) answer(sink, options)
    }
    void wait()
    return {
      resume: () => {},
      leave: () => {
        if (over.signal.aborted) return
        over.abort()
        sink.fail(left)
      },
    }
  }
}

interface Lateness {
  /** Each moment of the answer comes so many times later, counted from the request. */
  readonly factor: number
  /** `first`: only until the first byte of the body; what follows keeps its pace. */
  readonly what: 'all' | 'first'
}

export function lateBy({ factor, what }: Lateness): Spoil {
  return (ask, sink, { clock }) => {
    const startedAt = clock.elapsed()
    const over = new AbortController()
    let firstMs: number | null = null
    // One after the other. The client's own pace is not asked for: what a drill delays is small enough to wait in its connection.
    let line = Promise.resolve()
    const later = (act: () => void, isHead = false) => {
      const ms = clock.elapsed() - startedAt
      if (!isHead) firstMs ??= ms
      const dueMs = what === 'all' ? factor * ms : isHead ? ms : ms + (factor - 1) * (firstMs ?? ms)
      line = passed(line, startedAt + dueMs, act)
    }
    const passed = async (before: Promise<void>, dueAt: number, act: () => void) => {
      await before
      const leftMs = dueAt - clock.elapsed()
      if (leftMs > 0) await clock.sleep(leftMs, over.signal)
      if (!over.signal.aborted) act()
    }
    const exchange = ask({
      start: (status, headers) => later(() => sink.start(status, headers), true),
      data: (chunk) => {
        // The bytes are the connection's.
        const own = Buffer.from(chunk)
        later(() => sink.data(own))
        return true
      },
      end: () => later(() => sink.end()),
      fail: (failure) => later(() => sink.fail(failure)),
    })
    return {
      resume: exchange.resume,
      leave: () => {
        if (over.signal.aborted) return
        over.abort()
        exchange.leave()
        sink.fail(left)
      },
    }
  }
}

/** What an answer is turned into on its way. */
interface Turn {
  readonly push: (chunk: Buffer) => string
  readonly end: () => string
  /** Whether nothing more is to come, though the target may have more. */
  readonly isOver?: () => boolean
}

/** A failure of the target's own is nothing to be spoilt. */
function turning(turnOf: (framing: Framing | null, head: Head, options: SpoilOptions) => Turn): Spoil {
  return (ask, sink, options) => {
    let turn: Turn | null = null
    let isOver = false
    const write = (text: string): boolean => text === '' || sink.data(Buffer.from(text))
    const exchange = ask({
      start: (status, headers) => {
        if (status >= 300) return sink.start(status, headers)
        const { 'content-length': _, ...rest } = headers
        const framing = framingOf(headerText(headers, 'content-type') ?? undefined)
        turn = turnOf(framing, { status, headers: rest }, options)
        sink.start(status, rest)
      },
      data: (chunk) => {
        if (isOver) return true
        if (turn === null) return sink.data(chunk)
        const hasRoom = write(turn.push(chunk))
        if (turn.isOver?.() !== true) return hasRoom
        isOver = true
        sink.end()
        exchange.leave()
        return true
      },
      end: () => {
        if (isOver) return
        isOver = true
        if (turn !== null) write(turn.end())
        sink.end()
      },
      fail: (failure) => {
        if (isOver) return
        isOver = true
        sink.fail(failure)
      },
    })
    return exchange
  }
}

interface Head {
  readonly status: number
  readonly headers: ResponseHeaders
}

/** Twice as long. */
export const lengthening: Spoil = turning((framing) => {
  if (framing === null) return whole(longerBody)
  const cutter = createFrameCutter(framing)
  return {
    push: (chunk) => cutter.push(chunk).map(longerFrame).join(''),
    end: () => longerFrame(cutter.end()),
  }
})

/** Frames before the one that is cut: APIs open with one or two that hold no text. */
const wholeFrames = 2

/** The third frame ends in its middle, and so does the body: as HTTP has it all is well. Of a whole answer comes a half. */
export const cutting: Spoil = turning((framing) => {
  if (framing === null) return whole(half)
  const cutter = createFrameCutter(framing)
  let held: string | null = null
  let seen = 0
  let isOver = false
  return {
    push: (chunk) => {
      let out = ''
      for (const frame of cutter.push(chunk)) {
        if (isOver) break
        out += held ?? ''
        held = frame
        isOver = ++seen > wholeFrames
      }
      return isOver ? out + half(held ?? '') : out
    },
    end: () => half(held ?? cutter.end()),
    isOver: () => isOver,
  }
})

function whole(turned: (text: string) => string): Turn {
  const chunks: Buffer[] = []
  return {
    push: (chunk) => {
      chunks.push(Buffer.from(chunk))
      return ''
    },
    end: () => turned(Buffer.concat(chunks).toString('utf8')),
  }
}

function half(text: string): string {
  return text.slice(0, Math.ceil(text.length / 2))
}

/** Another text in the same API, at the pace of the real answer and with its bill for the input. */
export function replacing(said: { readonly text: string; readonly isRefusal: boolean }): Spoil {
  return turning((framing, { status, headers }, { api, model }) => {
    const folder = new AnswerFolder(providerNamed(api))
    folder.start(status, headers, 0)
    const framesWith = (usage: Usage | null) => {
      const { input = 0, cachedInput = 0 } = usage ?? {}
      const output = said.text.split(' ').length
      return speak(api, { ...said, model, usage: { input, cached: cachedInput ?? 0, output } }, framing !== null).frames
    }
    let hasBegun = false
    return {
      push: (chunk) => {
        folder.push(chunk, 0)
        if (framing === null || hasBegun) return ''
        hasBegun = true
        return framesWith(null).slice(0, -2).join('')
      },
      end: () => {
        const outcome = folder.end(0)
        const frames = framesWith(outcome.kind === 'reply' ? outcome.reply.usage : null)
        return (hasBegun ? frames.slice(-2) : frames).join('')
      },
    }
  })
}
