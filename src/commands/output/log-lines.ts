// Log lines as JSON, one object each, for a night that nobody watches.

import { Fault, thrownMessage } from '../../core/fault.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import type { World } from '../world.ts'
import { markTold } from './told-errors.ts'

export const logFormats = ['auto', 'text', 'json'] as const
export type LogFormat = (typeof logFormats)[number]

export interface LogLines {
  readonly info: (text: string) => void
  /** What somebody should know of, and that stops nothing. */
  readonly warn: (text: string) => void
  readonly error: (error: unknown) => void
  /** What every line from now on says beside its message. */
  readonly tag: (fields: Tags) => void
}

type Tags = { readonly [Name in 'night' | 'run' | 'stage']?: string | null }

/** `auto`: lines for machines where standard error is no terminal. A CI job's log is read by people, as its own page shows it. */
export function isJsonLog(format: LogFormat, { stderr, env }: Pick<World, 'stderr' | 'env'>): boolean {
  return format === 'auto' ? !stderr.isTTY && !env['CI'] : format === 'json'
}

export function createLogLines({ stderr, clock }: Pick<World, 'stderr' | 'clock'>): LogLines {
  let tags: Tags = {}
  const write = (level: 'info' | 'warn' | 'error', text: string, more: object = {}) => {
    // Texts are made for people: a stage, a gap of blanks, and lines below that are indented.
    const msg = withoutSecrets(text.replaceAll(/\s+/g, ' ').trim()).text
    const time = new Date(clock.now()).toISOString()
    stderr.write(`${JSON.stringify({ time, level, msg, ...tags, ...more })}\n`)
  }
  return {
    info: (text) => write('info', text),
    warn: (text) => write('warn', text),
    error: (error) => {
      markTold(error)
      const message = thrownMessage(error)
      if (error instanceof Fault)
        return write('error', message, { code: error.code, place: error.place, hint: error.hint })
      write('error', message, { code: 'BUG', ...(error instanceof Error && { stack: error.stack }) })
    },
    tag: (fields) => {
      tags = { ...tags, ...fields }
    },
  }
}
