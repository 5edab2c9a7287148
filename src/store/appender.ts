// Rows into a table, column by column: the fast way in.

import { type DuckDBAppender, type DuckDBDataChunk, DuckDBTimestampValue } from '@duckdb/node-api'
import { Fault, thrownMessage } from '../core/fault.ts'

interface AppenderOptions {
  /** The store's file, for messages. */
  readonly path: string
  readonly onClose?: () => void
}

/** Appends rows column by column; `flush` makes them survive a kill. */
export class TableAppender {
  readonly #appender: DuckDBAppender
  readonly #options: AppenderOptions

  constructor(appender: DuckDBAppender, options: AppenderOptions) {
    this.#appender = appender
    this.#options = options
  }

  text(value: string | null): this {
    // DuckDB's C interface ends a text at its first NUL.
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendVarchar(value.includes('\u0000') ? value.replaceAll('\u0000', '\uFFFD') : value)
    return this
  }

  integer(value: number | null): this {
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendInteger(value)
    return this
  }

  /** Many rows at once. */
  chunk(rows: DuckDBDataChunk): void {
    this.#guarded(() => this.#appender.appendDataChunk(rows))
  }

  /** For counts that a server names: it may name any. */
  bigint(value: number | null): this {
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendBigInt(BigInt(value))
    return this
  }

  double(value: number | null): this {
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendDouble(value)
    return this
  }

  boolean(value: boolean): this {
    this.#appender.appendBoolean(value)
    return this
  }

  instant(value: string | null): this {
    if (value === null) this.#appender.appendNull()
    else this.#appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Date.parse(value)) * 1000n))
    return this
  }

  json(value: unknown): this {
    return this.text(value === null ? null : JSON.stringify(value))
  }

  endRow(): void {
    this.#appender.endRow()
  }

  /** Fault: STORE_UNWRITABLE, after which the appender is of no use but to be closed. */
  flush(): void {
    this.#guarded(() => this.#appender.flushSync())
  }

  close(): void {
    try {
      this.#guarded(() => this.#appender.closeSync())
    } finally {
      this.#options.onClose?.()
    }
  }

  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      throw writingFault(this.#options.path, error)
    }
  }
}

const unwritable =
  /No space left|Could not write|Could not truncate|ENOSPC|Read-only file system|File too large|quota|Input\/output error/i

/** Full disks and their like are the user's to mend; the rest is a bug of ours and stays what it is. */
export function writingFault(path: string, error: unknown): unknown {
  const message = thrownMessage(error)
  if (!unwritable.test(message)) return error
  return new Fault('STORE_UNWRITABLE', `the store can't be written: ${message.split('\n')[0]}`, {
    place: path,
    cause: error,
  })
}
