// Lines → what they hold, on other cores, in the order of the lines.

import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Line } from './containers/lines.ts'
import type { Prepared, PrepareOptions } from './prepare.ts'
import type { Chunk, Read } from './reading-thread.ts'
import { recordAt } from './record-columns.ts'

type TextLine = Extract<Line, { readonly kind: 'line' }>

/** What a thread is given at once, about: enough that passing it on costs little, little enough that memory stays flat. */
const chunkBytes = 512 * 1024
/** A chunk that each thread works on, and one that waits for it. */
const chunksPerThread = 2
/** A longer line may take more memory to read than a thread has: the one that feeds the store reads it. */
export const longestShared = 4 * 1024 * 1024
/** A larger nursery was no faster, and kept more memory; a thread keeps nothing for long. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 }

/** One line as a thread has read it. */
export type ReadLine = readonly Prepared[]

export interface ReadingThreads {
  /** Takes a line; gives those that had to be waited for, where enough are on their way. */
  readonly push: (line: TextLine, origin: { file: string; format: string }) => Promise<readonly ReadLine[]>
  /** All that is still on its way. */
  readonly drain: () => AsyncGenerator<readonly ReadLine[], void, void>
  readonly close: () => Promise<void>
}

interface Waiting {
  readonly lines: readonly TextLine[]
  readonly origin: { readonly file: string; readonly format: string }
  readonly read: Promise<Read>
}

/** Starts so many threads. */
export function startReading(count: number, options: PrepareOptions): ReadingThreads {
  const threads = Array.from({ length: count }, () => startThread(options))
  const waiting: Waiting[] = []
  let lines: TextLine[] = []
  let bytes = 0
  let turn = 0

  const send = (origin: Waiting['origin']) => {
    const thread = threads[turn++ % threads.length]
    if (thread === undefined) throw new Error('there is a thread')
    const read = thread(chunkOf(lines, bytes, origin))
    // Whoever waits for it hears of a failure. Nobody does once an earlier chunk has failed, or the reader has left.
    read.catch(() => {})
    waiting.push({ lines, origin, read })
    lines = []
    bytes = 0
  }
  const next = async (): Promise<readonly ReadLine[]> => {
    const oldest = waiting.shift()
    return oldest === undefined ? [] : linesOf(oldest, await oldest.read)
  }
  let current: Waiting['origin'] = { file: '', format: '' }
  return {
    push: async (line, origin) => {
      current = origin
      lines.push(line)
      bytes += line.bytes.length
      if (bytes < chunkBytes) return []
      send(origin)
      return waiting.length > threads.length * chunksPerThread ? next() : []
    },
    async *drain() {
      if (lines.length > 0) send(current)
      while (waiting.length > 0) yield await next()
    },
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  }
}

type Thread = ((chunk: Chunk) => Promise<Read>) & { readonly close: () => Promise<number> }

function startThread(options: PrepareOptions): Thread {
  // The suffix is this file's own: `.ts` when run from the source, `.js` when built.
  const entry = new URL(`./reading-thread${extname(fileURLToPath(import.meta.url))}`, import.meta.url)
  const worker = new Worker(entry, { workerData: options, execArgv: [], resourceLimits })
  const asked: { readonly resolve: (read: Read) => void; readonly reject: (error: unknown) => void }[] = []
  let failure: unknown = null
  const fail = (error: unknown) => {
    failure ??= error
    for (const each of asked.splice(0)) each.reject(failure)
  }
  worker.on('message', (read: Read) => asked.shift()?.resolve(read))
  worker.on('messageerror', fail)
  worker.on('error', fail)
  worker.on('exit', (status) => fail(new Error(`a thread that reads lines ended with status ${status}`)))
  // A reader that is left in the middle must not keep the process alive.
  worker.unref()
  const ask = (chunk: Chunk) =>
    new Promise<Read>((resolve, reject) => {
      if (failure !== null) return reject(failure)
      asked.push({ resolve, reject })
      // Held while there is something to wait for.
      worker.ref()
      worker.postMessage(chunk, [chunk.bytes.buffer as ArrayBuffer])
    }).finally(() => {
      if (asked.length === 0) worker.unref()
    })
  return Object.assign(ask, { close: () => worker.terminate() })
}

function chunkOf(lines: readonly TextLine[], size: number, origin: Waiting['origin']): Chunk {
  const bytes = new Uint8Array(size)
  const ends = new Uint32Array(lines.length)
  let at = 0
  for (const [place, line] of lines.entries()) {
    bytes.set(line.bytes, at)
    at += line.bytes.length
    ends[place] = at
  }
  return { bytes, ends, numbers: Float64Array.from(lines, ({ line }) => line), ...origin }
}

function linesOf({ lines, origin }: Waiting, { entries, columns, taken }: Read): readonly ReadLine[] {
  let at = 0
  return entries.map((entry, place) => {
    if (entry !== null) return entry
    const row = at++
    const record = recordAt(columns, row, { ...origin, line: lines[place]?.line ?? 0 })
    const [keys, personal] = taken[row] ?? [0, {}]
    return [{ kind: 'record', record, taken: { keys, personal } }]
  })
}
