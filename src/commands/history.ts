// `shadowgate history`: what the nights came to, each rule's trend, what changed and what failed.

import { Fault } from '../core/fault.ts'
import type { Segment } from '../core/judgement.ts'
import { type History, historyText } from '../report/index.ts'
import type { Command, Invocation } from './command.ts'
import { readHistory } from './history/history-data.ts'
import { writeHistory } from './history/history-index.ts'
import { historyTable, trendTable } from './history/history-text.ts'
import { openSession } from './session/session.ts'

const defaultLimit = 20

export const history = {
  examples: [
    'shadowgate history',
    'shadowgate history --limit 60 --metric latency-p95',
    'shadowgate history --metric answered --segment task=prime',
    'shadowgate history --html',
  ],
  settings: ['store', 'report.dir'],
  flags: [
    { flag: '--limit <n>', description: `The newest so many nights (${defaultLimit} without it)` },
    { flag: '--since <date>', description: 'Nights from that day on: 2026-11-01' },
    { flag: '--metric <name>', description: "One rule's trend, night by night: latency-p95" },
    { flag: '--segment <key=value>', description: 'The trend in a segment instead of all records; with --metric' },
    { flag: '--html', description: 'Write index.html into the folder of reports again' },
  ],
  run: async (world, invocation) => {
    const session = openSession(world, invocation, { sends: false })
    const asked = askedIn(invocation)
    const { history: whole, locked } = await readHistory(session, asked.segment)
    if (locked !== null) session.say(`history  ${locked.message}: told as of ${whole.generatedAt}, by the night before`)
    if (invocation.own['html'] === true) {
      if (locked !== null) throw locked
      const page = writeHistory(session, whole)
      world.stdout(invocation.isJson ? JSON.stringify({ files: [page] }) : page)
      return 0
    }
    const shown = part(whole, asked)
    const text =
      asked.metric === null
        ? historyTable({ whole, shown }, world.columns)
        : trendTable(shown, asked.metric, world.columns)
    world.stdout(invocation.isJson ? historyJson(shown, asked.metric) : text)
    return 0
  },
} satisfies Command

interface Asked {
  readonly limit: number
  readonly since: string | null
  readonly metric: string | null
  readonly segment: Segment | null
}

/** Fault: USAGE. */
function askedIn({ own }: Invocation): Asked {
  const text = (name: string) => {
    const given = own[name]
    return typeof given === 'string' ? given : null
  }
  const limit = Number(text('limit') ?? defaultLimit)
  if (!Number.isInteger(limit) || limit < 1) throw new Fault('USAGE', `--limit is no number of nights: ${own['limit']}`)
  const since = text('since')
  if (since !== null && (!/^\d{4}-\d{2}-\d{2}/.test(since) || Number.isNaN(Date.parse(since)))) {
    throw new Fault('USAGE', `--since is no date: ${since}`, { hint: '--since 2026-11-01' })
  }
  const [metric, segment] = [text('metric'), text('segment')]
  if (segment !== null && metric === null) throw new Fault('USAGE', '--segment is of one rule: --metric names it')
  return { limit, since, metric, segment: segment === null ? null : segmentIn(segment) }
}

function segmentIn(text: string): Segment {
  const at = text.indexOf('=')
  if (at < 1) throw new Fault('USAGE', `--segment is no key=value: ${text}`, { hint: '--segment task=prime' })
  return { key: text.slice(0, at), value: text.slice(at + 1) }
}

/** Nights, and what belongs to them. Where nothing but a number is asked for, gaps and alarms go back as far as the nights do. */
function part(whole: History, { limit, since }: Asked): History {
  const wanted = since === null ? whole.nights : whole.nights.filter(({ at }) => at >= since)
  const nights = wanted.slice(-limit)
  const from = nights[0]?.at ?? ''
  return {
    ...whole,
    nights,
    left: whole.left + whole.nights.length - nights.length,
    gaps: whole.gaps.filter(({ before }) => before > from),
    alarms: whole.alarms.filter(({ at }) => at >= from),
  }
}

/** With a metric, its findings alone. */
function historyJson(shown: History, metric: string | null): string {
  const nights = shown.nights.map((night) =>
    metric === null || night.judged === null
      ? night
      : {
          ...night,
          judged: { ...night.judged, findings: night.judged.findings.filter(({ rule }) => rule.metric === metric) },
        },
  )
  return historyText({ ...shown, nights }).trimEnd()
}
