// A real language model meets itself at half the precision and at an eighth of it: the one may follow, the other may not.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../support/cli.ts'
import { createLoader, type Model, serveModel, whyNoModel } from '../support/llama-server.ts'
import { createProject, query } from '../support/project.ts'

const heroes =
  `girl named Lily, boy named Tim, dog named Max, cat named Tom, bird named Sue, frog named Fred, bear named Ben,
  girl named Mia, fish named Bob, bunny named Pip`.split(/,\s+/)
const pleasures = ['play in the park', 'sing and dance', 'run and jump', 'read books', 'look at the sky']
const finds = ['big red ball', 'lost toy', 'tall tree', 'new friend', 'shiny stone', 'pretty flower']

/** 300 stories that are told but for their end: the model was taught with such, and knows how they end. */
const beginnings = heroes.flatMap((hero) =>
  pleasures.flatMap((pleasure) =>
    finds.map((find) => {
      const name = hero.split(' ').at(-1)
      return (
        `Once upon a time, there was a little ${hero}. ${name} loved to ${pleasure}. One day, ${name} saw a ${find}. ` +
        `${name} was very happy and said, "Look, mom! I see a ${find}!" Mom smiled and said, "That is nice, ${name}. ` +
        `Let's go and play." They went to the park and played all day.\nThe next day, ${name} wanted to see the ${find} ` +
        `again. ${name} went to the park and looked for it. It was still there! ${name} was so happy. ` +
        `From that day on, ${name}`
      )
    }),
  ),
)

const policy = {
  extends: 'none',
  rules: [
    // The machine's mood decides how fast this model is, so no rule asks for it. A story may end at once, and an empty
    // answer is none: on this machine not one of 300 did, on another some may.
    { metric: 'answered', margin: '3%', severity: 'block' },
    { metric: 'output-tokens', margin: '20%', severity: 'block' },
    { metric: 'text-similarity', margin: '5%', severity: 'warn' },
  ],
}

interface Finding {
  readonly metric: string
  readonly outcome: string
  readonly estimate: number
}

const absent = whyNoModel()
if (absent !== null) process.stderr.write(`skipped, the tests of a real model: ${absent}\n`)

describe.skipIf(absent !== null)('a real model', () => {
  let load: (file: string) => Promise<Model>
  let production: Model

  beforeAll(async () => {
    load = await createLoader()
    production = await load('stories260K.gguf')
  })

  /** Replays with the weights of a file as candidate. */
  async function candidateOf(file: string) {
    const targetOf = async (model: Model) => ({
      api: 'openai-completions',
      baseUrl: await serveModel(model),
      // One waits while another is answered.
      concurrency: 2,
      timeoutMs: 240_000,
    })
    const targets = { production: await targetOf(production), candidate: await targetOf(await load(file)) }
    const folder = createProject({
      production: targets.production.baseUrl,
      candidate: targets.candidate.baseUrl,
      config: { targets, replay: { noise: 0.2 }, gate: policy },
    })
    const lines = beginnings.map((prompt) =>
      JSON.stringify({ request: { model: 'stories', prompt, max_tokens: 100, temperature: 0.1 }, response: null }),
    )
    writeFileSync(join(folder, 'requests.jsonl'), lines.join('\n'))
    const result = await runCli(['run', '--json'], { cwd: folder })
    expect(result.stderr).not.toContain('error[')
    const verdict = JSON.parse(result.stdout)
    const calls = 300 + verdict.counts.noisePairs
    expect(calls).toBeGreaterThan(300)
    expect(verdict.counts).toMatchObject({ pairs: 300, excluded: {}, calls: { candidate: { calls, reply: calls } } })
    const served = await query(
      join(folder, 'store.duckdb'),
      'SELECT arm, served_model AS model, min(output_tokens)::INT > 0 AS wrote FROM attempt GROUP BY ALL ORDER BY arm',
    )
    expect(served).toEqual([
      { arm: 'candidate', model: file, wrote: true },
      { arm: 'production', model: 'stories260K.gguf', wrote: true },
    ])
    const finding = (metric: string): Finding => verdict.findings.find((each: Finding) => each.metric === metric)
    return { status: result.status, decision: verdict.decision, because: verdict.because, finding }
  }

  // Measured, F32 against F16: 23.5 tokens and 23.5, a ratio of 1.00 (limits at 95 %: 0.97 and 1.02). Its texts are not
  // asked for: half the precision decides near-ties otherwise (a likeness of 0.69; production's with itself is 0.77).
  it('F16 in the place of F32 is a GO', { timeout: 300_000 }, async () => {
    const { status, decision, finding } = await candidateOf('stories260K.f16.gguf')
    expect({ status, decision }).toEqual({ status: 0, decision: 'GO' })
    expect(finding('output-tokens').outcome).toBe('pass')
  })

  // F32 against Q4_0: 23.5 tokens and 37.5, a ratio of 1.59 (1.53 and 1.65), a likeness of 0.53: it finds no end.
  it('Q4_0 in the place of F32 is a NO-GO: it writes far more', { timeout: 300_000 }, async () => {
    const { status, decision, finding, because } = await candidateOf('stories260K.q4_0.gguf')
    expect({ status, decision }).toEqual({ status: 1, decision: 'NO-GO' })
    expect(because).toContain('output-tokens')
    expect(finding('output-tokens')).toMatchObject({ outcome: 'fail' })
    expect(finding('output-tokens').estimate).toBeGreaterThan(1.2)
    expect(finding('answered').outcome).toBe('pass')
    expect(finding('text-similarity').outcome).toBe('fail')
  })
})
