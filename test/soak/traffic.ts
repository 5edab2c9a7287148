// The production's log, as a gateway and logrotate leave it: one file that grows, older ones that are renamed, compressed, dropped.

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { seededBy } from '../../src/core/random.ts'
import type { Material } from './material.ts'

export interface Traffic {
  readonly folder: string
  /** The file that is written now. */
  readonly current: string
  /** Writes a day's calls; some recur, of this day or of one before. Gives how many are new. */
  readonly write: (day: Day) => number
  /** As logrotate does before the day: `app.jsonl` → `.1` → `.2.gz` → … → none. */
  readonly rotate: () => void
  /** Every call that can be read in the folder now. */
  readonly readable: () => Set<number>
}

export interface Day {
  readonly startMs: number
  readonly calls: number
}

const system = 'You answer questions of customers. Be exact, and say so where you are not sure.'
const keptFiles = 4
const recurring = 0.04

export function createTraffic(folder: string, material: Material, seed: number): Traffic {
  mkdirSync(folder, { recursive: true })
  const current = join(folder, 'app.jsonl')
  const rotated = (age: number) => join(folder, age === 1 ? 'app.1.jsonl' : `app.${age}.jsonl.gz`)
  const chance = seededBy(seed, 'traffic')
  let tickets = 0
  const lineOf = (ticket: number, atMs: number) => {
    const { task, prompt } = material.callOf(ticket)
    const text = material.answerOf(ticket, 'production', 100)
    const request = {
      model: 'gpt-4-0314',
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: prompt },
      ],
      temperature: 0.1,
      stream: ticket % 2 === 0,
    }
    const message = { role: 'assistant', content: text }
    const usage = { prompt_tokens: tokensIn(prompt), completion_tokens: tokensIn(text) }
    const response = {
      id: `chatcmpl-${ticket}`,
      object: 'chat.completion',
      created: Math.floor(atMs / 1000),
      model: 'gpt-4-0314',
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens },
    }
    const timestamp = new Date(atMs).toISOString()
    return `${JSON.stringify({ timestamp, request, response, latency_ms: 900 + (ticket % 700), metadata: { task } })}\n`
  }
  return {
    folder,
    current,
    write: ({ startMs, calls }) => {
      const before = tickets
      const lines = Array.from({ length: calls }, (_, index) => {
        const recurs = tickets > 0 && chance.unit() < recurring
        const ticket = recurs ? chance.below(tickets) : tickets++
        return lineOf(ticket, startMs + Math.round((index * 80_000_000) / calls))
      })
      appendFileSync(current, lines.join(''))
      return tickets - before
    },
    rotate: () => {
      rmSync(rotated(keptFiles), { force: true })
      for (let age = keptFiles - 1; age >= 2; age--) {
        if (existsSync(rotated(age))) renameSync(rotated(age), rotated(age + 1))
      }
      if (existsSync(rotated(1))) {
        writeFileSync(rotated(2), gzipSync(readFileSync(rotated(1))))
        rmSync(rotated(1))
      }
      if (existsSync(current)) renameSync(current, rotated(1))
    },
    readable: () => {
      const found = new Set<number>()
      for (const name of readdirSync(folder)) for (const ticket of ticketsIn(join(folder, name))) found.add(ticket)
      return found
    },
  }
}

/** About as many as a tokenizer makes of English. */
export function tokensIn(text: string): number {
  return Math.max(1, Math.round(text.length / 4))
}

export function ticketIn(text: string): number | null {
  const found = /\(case K(\d+)\)/.exec(text)?.[1]
  return found === undefined ? null : Number(found)
}

function ticketsIn(path: string): number[] {
  return textIn(path)
    .split('\n')
    .flatMap((line) => {
      try {
        JSON.parse(line)
        return ticketIn(line) ?? []
      } catch {
        return []
      }
    })
}

/** Of a file that is no whole archive nothing is expected. */
function textIn(path: string): string {
  const bytes = readFileSync(path)
  if (!path.endsWith('.gz')) return bytes.toString('utf8')
  try {
    return gunzipSync(bytes).toString('utf8')
  } catch {
    return ''
  }
}
