// Every setting, declared once: type, default, help. Flags, environment variables, the JSON Schema and the docs follow.

import { z } from 'zod'
import { rolloutPolicy } from '../../gate/policy.ts'

/**
 * A setting's flag is its path (`sample.size` → `--sample-size`), without `targets.`; its environment variable is
 * `SHADOWGATE_` and the same words. `value` names the flag's argument in help texts; without it there is no flag.
 */
export type SettingMeta = { readonly description: string; readonly value?: string }

function about(description: string, value?: string): SettingMeta {
  return value === undefined ? { description } : { description, value }
}

const marginWords = 'a margin is a share such as 0.2, or "20%"; one above 1 is written as "150%"'

/** `20%` or `0.2`. A bare 20 is refused: it would be 2000 %, and such a rule never fails. `${VAR}` brings text. */
const margin = z
  .union(
    [
      z.number(marginWords).min(0, marginWords).max(1, marginWords),
      z.string().regex(/^(?:\d+(?:\.\d+)?\s*%|0?\.\d+|[01](?:\.0+)?)$/, marginWords),
    ],
    marginWords,
  )
  .transform(shareOf)

const share = z.number().min(0).max(1)
const json: z.ZodType<JsonInput> = z.json()
type JsonInput = z.infer<ReturnType<typeof z.json>>

const logs = z
  .array(
    z.strictObject({
      path: z.string().min(1).meta(about('File, glob or folder, relative to this file; "-" reads standard input')),
      format: z.string().default('auto').meta(about('auto recognises it from the content')),
    }),
  )
  .default([])
  .meta(about('Captured production requests', 'paths'))

const sample = z.strictObject({
  size: z.int().positive().default(2000).meta(about('Records to replay at most', 'n')),
  seed: z.int().default(1).meta(about('The same seed draws the same sample and orders it alike', 'n')),
  stratify: z.array(z.string()).default([]).meta(about('Segment keys whose mix the sample keeps', 'keys')),
  duplicates: z
    .enum(['drop', 'keep'])
    .default('drop')
    .meta(about('Whether a request that recurs is replayed once', 'word')),
})

const price = z.strictObject({
  input: z.number().min(0).meta(about('US dollars for a million input tokens')),
  cachedInput: z.number().min(0).optional().meta(about('US dollars for a million input tokens read from the cache')),
  output: z.number().min(0).meta(about('US dollars for a million output tokens')),
})

const target = z.strictObject({
  api: z.string().default('openai-chat').meta(about('Provider API that the target speaks')),
  vendor: z.string().optional().meta(about('Whose server it is, where it speaks the API in a way of its own', 'name')),
  baseUrl: z.url({ protocol: /^https?$/ }).meta(about('Where the API begins, e.g. https://api.example.com/v1', 'url')),
  model: z.string().min(1).optional().meta(about('Model to ask for; without it, the captured one', 'name')),
  keyFrom: z
    .strictObject({ env: z.string().min(1) })
    .optional()
    .meta(about('Environment variable that holds the key')),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta(about('Extra headers; ${VAR} keeps secrets out of this file')),
  overrides: z.record(z.string(), json).default({}).meta(about('Body fields set on every request; null removes one')),
  concurrency: z.int().min(1).max(4096).default(8).meta(about('Requests in flight at most', 'n')),
  timeoutMs: z.int().positive().default(120_000).meta(about('Send to last byte; later is infinitely slow', 'ms')),
  connectTimeoutMs: z.int().positive().default(10_000).meta(about('Until the connection stands', 'ms')),
  headersTimeoutMs: z.int().positive().optional().meta(about('Send to response headers; timeoutMs without it', 'ms')),
  idleTimeoutMs: z
    .int()
    .positive()
    .optional()
    .meta(about('Between two chunks of an answer; timeoutMs without it', 'ms')),
  retries: z
    .int()
    .min(0)
    .max(10)
    .default(2)
    .meta(about('Further tries after 408, 409, 429, 5xx or a broken connection', 'n')),
  pricePerMillion: price.optional().meta(about('Prices, for the cost metric')),
})

const targets = z.strictObject({
  production: target.meta(about('What serves users today')),
  candidate: target.meta(about('What may replace it')),
})

const replay = z.strictObject({
  order: z
    .enum(['interleaved'])
    .default('interleaved')
    .meta(about('Both arms back to back, in random order for each record')),
  stream: z
    .enum(['asCaptured', 'always', 'never'])
    .default('asCaptured')
    .meta(about('Whether answers are streamed', 'word')),
  noise: share.default(0.2).meta(about('Share of records that production answers twice: the noise floor', 'share')),
  resumeForHours: z
    .number()
    .min(0)
    .default(24)
    .meta(about('A run that was cut off longer ago than this is left, and a new one begun', 'hours')),
  maxWaitMs: z.int().positive().default(60_000).meta(about('A longer Retry-After than this ends a call', 'ms')),
})

const rule = z.strictObject({
  metric: z.string().meta(about('What the rule is about')),
  segment: z.strictObject({ key: z.string(), value: z.string() }).optional().meta(about('For this segment alone')),
  margin: margin
    .optional()
    .meta(about('How much worse is too much: 20% of a ratio, 1% is one percentage point of a share')),
  severity: z
    .enum(['block', 'investigate', 'warn', 'off'])
    .optional()
    .meta(about('What a broken rule does; off removes it')),
  mode: z
    .enum(['worse', 'difference', 'either-way'])
    .optional()
    .meta(about('Fails when worse by the margin, worse at all, or different')),
  stage: z.enum(['replay', 'canary']).optional().meta(about('Where the rule is decided')),
})

const gate = z.strictObject({
  extends: z
    .enum(['rollout', 'none'])
    .default('rollout')
    .meta(about('The policy that the rules below change or add to', 'word')),
  level: z
    .number()
    .gt(0.5)
    .lt(1)
    .default(rolloutPolicy.level)
    .meta(about('Confidence of each one-sided limit', 'share')),
  segments: z.array(z.string()).default([]).meta(about('Segment keys that get verdicts of their own', 'keys')),
  rules: z
    .array(rule)
    .default([])
    .meta(about('Rules; one with the metric and segment of an inherited rule changes it')),
  hold: z
    .boolean()
    .default(rolloutPolicy.hold)
    .meta(
      about('Whether a failed rule to investigate by holds a GO (exit status 2) until a person has looked', 'bool'),
    ),
  maxExcluded: share
    .default(rolloutPolicy.maxExcluded)
    .meta(about('A larger share of excluded pairs makes the run INVALID', 'share')),
})

const report = z.strictObject({
  dir: z.string().default('reports').meta(about('Reports go to a folder of their own in here', 'folder')),
  formats: z
    .array(z.enum(['html', 'markdown', 'json', 'junit']))
    .default(['html', 'markdown', 'json', 'junit'])
    .meta(about('Which reports to write', 'names')),
  pairs: z.int().min(0).max(5000).default(200).meta(about('Pairs shown in the HTML report, worst first', 'n')),
})

export const configSchema = z.strictObject({
  store: z
    .string()
    .min(1)
    .default('reports/shadowgate.duckdb')
    .meta(about('The DuckDB file that holds everything', 'file')),
  logs,
  sample: sample.prefault({}),
  targets,
  replay: replay.prefault({}),
  gate: gate.prefault({}),
  report: report.prefault({}),
  notes: z.array(z.string()).default([]).meta(about('Remarks that every report shows')),
})

export type Config = z.infer<typeof configSchema>
export type TargetConfig = Config['targets']['production']
export type RuleConfig = Config['gate']['rules'][number]

function shareOf(value: number | string): number {
  if (typeof value === 'number') return value
  return value.endsWith('%') ? Number.parseFloat(value) / 100 : Number(value)
}

/** The schema for editors, as draft 2020-12. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema['value']
    },
  })
  return { title: 'shadowgate.yaml', ...schema }
}
