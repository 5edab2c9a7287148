// A shop whose candidate collapses every other answer: whether that is a NO-GO, people decide.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCli } from './cli.ts'
import { createProject, withoutLatency } from './project.ts'
import { completion, sendJson, startTarget } from './target.ts'

/** The file that decisions are written to. */
export const shown = 'shadowgate.reviews.yaml'
const env = { SHADOWGATE_REVIEWER: 'Ann <ann@example.org>' }

/** Every other record's answer collapses; texts block, and a review decides whether they do. */
export async function createShop(gate: Readonly<Record<string, unknown>> = {}) {
  const long = (question: string) =>
    `The answer to ${question} is that it can be sent back within thirty days, with its receipt.`
  const questionOf = (body: { messages: { content: string }[] }) => body.messages[0]?.content ?? ''
  const production = await startTarget(({ body }, response) =>
    sendJson(response, 200, completion(long(questionOf(body)))),
  )
  const candidate = await startTarget(({ body }, response) => {
    const isEven = Number(/\d+/.exec(questionOf(body))?.[0]) % 2 === 0
    sendJson(response, 200, completion(isEven ? 'Yes.' : long(questionOf(body))))
  })
  const rules = [
    ...withoutLatency,
    { metric: 'cache-hit-rate', severity: 'off' },
    { metric: 'answered', margin: '2%' },
    { metric: 'text-similarity', margin: '5%', severity: 'block' },
    // Twice five tokens: what the candidate saves is beside the question here.
    { metric: 'same-language', severity: 'off' },
  ]
  const folder = createProject({
    production: production.url,
    candidate: candidate.url,
    records: 300,
    config: { gate: { rules, segments: ['parity'], minMinutes: 0, ...gate } },
  })
  const step = (...args: string[]) => runCli(args, { cwd: folder, env })
  const clusters = async (): Promise<readonly Record<string, unknown>[]> =>
    JSON.parse((await step('review', '--json')).stdout).clusters
  const file = join(folder, shown)
  const edit = (from: string | RegExp, to: string) => writeFileSync(file, readFileSync(file, 'utf8').replace(from, to))
  return { folder, step, clusters, file, edit }
}
