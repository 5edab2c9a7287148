// Every setting, declared once: type, default, help. Flags, environment variables, the JSON Schema and the docs follow.

import { z } from 'zod'
import { about } from './about.ts'
import { assertion } from './assertion-schema.ts'
import { canary } from './canary-schema.ts'
import { gate } from './gate-schema.ts'
import { log as capturedLog } from './log-schema.ts'
import { margin } from './margin.ts'
import { log, night } from './night-schema.ts'
import { notify } from './notify-schema.ts'
import { privacy } from './privacy-schema.ts'
import { replay } from './replay-schema.ts'
import { retention } from './retention-schema.ts'

const json: z.ZodType<JsonInput> = z.json()
type JsonInput = z.infer<ReturnType<typeof z.json>>

const logs = z.array(capturedLog).default([]).meta(about('Captured production requests', 'paths'))

const sample = z
  .strictObject({
    size: z.int().positive().default(2000).meta(about('Records to replay at most', 'n')),
    seed: z.int().default(1).meta(about('The same seed draws the same sample and orders it alike', 'n')),
    stratify: z.array(z.string()).default([]).meta(about('Segment keys whose mix the sample keeps', 'keys')),
    duplicates: z
      .enum(['drop', 'keep'])
      .default('drop')
      .meta(about('Whether a request that recurs is replayed once', 'word')),
    since: z
      .enum(['all', 'lastRun'])
      .default('all')
      .meta(about('lastRun: only what came in since the last judged run that asked the same targets', 'word')),
    cohort: z
      .int()
      .min(0)
      .default(0)
      .meta(about('Records that are replayed every time, beside the new ones, so that nights compare', 'n')),
  })
  .refine(({ size, cohort }) => cohort <= size, { path: ['cohort'], message: 'at most as large as sample.size' })

const price = z.strictObject({
  input: z.number().min(0).meta(about('US dollars for a million input tokens')),
  cachedInput: z.number().min(0).optional().meta(about('US dollars for a million input tokens read from the cache')),
  cacheWrite: z.number().min(0).optional().meta(about('US dollars for a million input tokens written to the cache')),
  output: z.number().min(0).meta(about('US dollars for a million output tokens')),
})

const limits = z.strictObject({
  requestsPerMinute: z
    .number()
    .positive()
    .optional()
    .meta(about("Requests that the target's key may send in a minute", 'n')),
  tokensPerMinute: z
    .number()
    .positive()
    .optional()
    .meta(about("Tokens, input and output, that the target's key may use in a minute", 'n')),
})

const target = z.strictObject({
  api: z.string().default('openai-chat').meta(about('Provider API that the target speaks')),
  vendor: z.string().optional().meta(about('Whose server it is, where it speaks the API in a way of its own', 'name')),
  baseUrl: z.url({ protocol: /^https?$/ }).meta(about('Where the API begins, e.g. https://api.example.com/v1', 'url')),
  model: z.string().min(1).optional().meta(about('Model to ask for; without it, the captured one', 'name')),
  keyFrom: z
    .strictObject({ env: z.string().min(1) })
    .optional()
    .meta(about('Environment variable that holds the key; or <variable>_FILE names a file that does')),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta(about('Extra headers; ${VAR} keeps secrets out of this file')),
  rename: z
    .record(z.string(), z.string().min(1))
    .default({})
    .meta(
      about(
        'Body fields that keep their values under another name, before overrides: { max_tokens: max_completion_tokens }',
      ),
    ),
  overrides: z.record(z.string(), json).default({}).meta(about('Body fields set on every request; null removes one')),
  concurrency: z
    .int()
    .min(1)
    .max(4096)
    .default(8)
    .meta(about('Requests in flight at most; in open loop the arrivals decide', 'n')),
  limits: limits.prefault({}),
  timeoutMs: z.int().positive().default(120_000).meta(about('Send to last byte; later is infinitely slow', 'ms')),
  connectTimeoutMs: z.int().positive().default(10_000).meta(about('Until the connection stands', 'ms')),
  firstTokenTimeoutMs: z
    .int()
    .positive()
    .optional()
    .meta(about('Send to first token, or to the headers of an answer that comes whole; timeoutMs without it', 'ms')),
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
    .meta(about('Further tries after 408, 409, 5xx or a broken connection', 'n')),
  pricePerMillion: price.optional().meta(about('Prices; without them, those of its model in `prices`')),
})

const targets = z.strictObject({
  production: target.meta(about('What serves users today')),
  candidate: target.meta(about('What may replace it')),
})

const judge = z.strictObject({
  target: target.meta(about('The model that is asked')),
  criteria: z.string().min(1).meta(about('What makes an answer the better one, in your words')),
  share: z.number().gt(0).max(1).default(1).meta(about('Share of the pairs that it is asked about', 'share')),
  margin: margin.default(0.05).meta(about("How much more rarely than production's the candidate's answers may win")),
  severity: z
    .enum(['block', 'investigate', 'warn'])
    .default('investigate')
    .meta(about('What it does when it prefers production')),
})

const audit = z.strictObject({
  draws: z.int().min(20).max(10_000).default(200).meta(about('How often the audit draws a sample and judges it', 'n')),
  pairs: z
    .int()
    .min(20)
    .optional()
    .meta(about("Pairs of each drawn sample; as many as the run's plan without it", 'n')),
  seed: z.int().default(1).meta(about('The same seed draws the same samples', 'n')),
})

const prices = z.record(z.string(), price).default({}).meta(about('Prices by model name, for targets that name none'))

const report = z.strictObject({
  dir: z.string().default('reports').meta(about('Reports go to a folder of their own in here', 'folder')),
  formats: z
    .array(z.enum(['html', 'markdown', 'json', 'junit']))
    .default(['html', 'markdown', 'json', 'junit'])
    .meta(about('Which reports to write', 'names')),
  pairs: z
    .int()
    .min(0)
    .max(50_000)
    .default(5000)
    .meta(about('Pairs whose texts the HTML report has, worst first, as far as it has room', 'n')),
  maxMegabytes: z
    .number()
    .min(0.5)
    .max(100)
    .default(5)
    .meta(about('How large the HTML report may be; pairs beyond are listed without their texts', 'mb')),
  against: z
    .enum(['none', 'previous'])
    .default('none')
    .meta(about('previous: say in every report what changed since the newest run that was judged before', 'which')),
})

export const configSchema = z.strictObject({
  store: z
    .string()
    .min(1)
    .default('reports/shadowgate.duckdb')
    .meta(about('The DuckDB file that holds everything', 'file')),
  logs,
  privacy: privacy.prefault({}),
  sample: sample.prefault({}),
  targets,
  prices,
  replay: replay.prefault({}),
  gate: gate.prefault({}),
  assertions: z.array(assertion).default([]).meta(about('Checks of your own, held against both arms')),
  judge: judge.optional().meta(about('A model of yours that compares the answers; nothing needs one')),
  report: report.prefault({}),
  reviews: z
    .string()
    .min(1)
    .default('shadowgate.reviews.yaml')
    .meta(about('The file of what people decided about changes; it belongs into git', 'file')),
  notify: notify.prefault({}),
  audit: audit.prefault({}),
  retention: retention.prefault({}),
  night: night.prefault({}),
  log: log.prefault({}),
  canary: canary.prefault({}),
  notes: z.array(z.string()).default([]).meta(about('Remarks that every report shows')),
})

export type Config = z.infer<typeof configSchema>
export type RuleConfig = Config['gate']['rules'][number]

/** The schema for editors, as draft 2020-12. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      delete jsonSchema['value']
      delete jsonSchema['flag']
    },
  })
  return { title: 'shadowgate.yaml', ...schema }
}
