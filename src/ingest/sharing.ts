// Which lines other threads read: those of a log that is long enough to be worth the threads' start.

import type { Line } from './containers/lines.ts'
import type { PrepareOptions } from './prepare.ts'
import { longestShared, type ReadingThreads, type ReadLine, startReading } from './reading-threads.ts'

/** Before so much was read, threads would not have started when all is done. */
const shareFromBytes = 8 * 1024 * 1024

interface SharingOptions {
  /** None: this thread reads all lines itself. */
  readonly threads: number
  readonly preparing: PrepareOptions
}

/** Starts no thread until a line is worth one. */
export function createSharing({ threads: count, preparing }: SharingOptions) {
  let threads: ReadingThreads | null = null
  let bytes = 0

  return {
    /** Lines that had to be waited for; null where this thread is to read the line: `format` is not yet known, say. */
    push: (line: Line, file: string, format: string | null): Promise<readonly ReadLine[]> | null => {
      if (count === 0 || line.kind !== 'line' || line.bytes.length > longestShared) return null
      const isWorthIt = bytes > shareFromBytes
      bytes += line.bytes.length
      if (!isWorthIt || format === null) return null
      threads ??= startReading(count, preparing)
      return threads.push(line, { file, format })
    },
    /** Lines that are still on their way, to the last one. */
    drain: async function* (): AsyncGenerator<readonly ReadLine[], void, void> {
      if (threads !== null) yield* threads.drain()
    },
    close: async (): Promise<void> => threads?.close(),
  }
}
