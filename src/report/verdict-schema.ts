// The shape of verdict.json, a public contract: the one source of its validation and of its published JSON Schema.

import { z } from 'zod'
import { againstSchema } from './json/against-schema.ts'
import { driftSchema } from './json/drift-schema.ts'
import { interval, number, whole } from './json/number-schema.ts'
import { reviewed } from './review-schema.ts'

const changedOf = z.object({ changed: z.int(), of: z.int() })
const changedAmong = z.object({ candidate: changedOf, noise: changedOf.nullable() })

const judge = z.object({
  model: z.string().nullable(),
  pairs: z.int().describe('asked in both orders, with an answer each time'),
  preferred: z.object({ production: z.int(), candidate: z.int() }).describe('in both orders; the rest are ties'),
  agreed: z.int().describe('pairs whose two orders say the same'),
  byPlace: z.object({ first: z.int(), second: z.int() }).describe('preferred for its place, whoever stood there'),
  failed: z.int().describe('without an answer that says anything: they count for nobody'),
})

/** Name and version of the contract. The number grows when a field changes its meaning or goes away. */
export const verdictSchemaId = 'shadowgate.verdict/1'

const arm = <T extends z.ZodType>(of: T) => z.object({ production: of, candidate: of })

const noise = z
  .object({ estimate: number, interval, pairs: whole })
  .describe('The same metric between production and itself: the noise floor.')

const finding = z
  .object({
    metric: z.string(),
    segment: z.object({ key: z.string(), value: z.string() }).nullable().describe('null for all records'),
    severity: z.enum(['block', 'investigate', 'warn']),
    stage: z.enum(['replay', 'canary']).describe('where the rule is decided'),
    mode: z.enum(['worse', 'difference', 'either-way', 'both-ways']),
    outcome: z.enum(['pass', 'fail', 'inconclusive', 'not-evaluable']),
    better: z.enum(['higher', 'lower']).nullable(),
    unit: z.enum(['ms', 'tokens', 'characters', 'usd', 'share']).nullable().describe('`share` is 0..1'),
    production: number.nullable(),
    candidate: number.nullable(),
    estimate: number.nullable().describe('candidate − production, or candidate / production: see `scale`'),
    scale: z.enum(['difference', 'ratio']).nullable(),
    interval: interval.nullable(),
    margin: z.number().describe('On the scale: 0.2 on a ratio is 20 % more, 0.01 on a share one percentage point.'),
    pairs: whole.nullable(),
    accepted: z
      .object({ pairs: whole, by: z.array(z.string()) })
      .nullable()
      .describe('of the pairs, those that count as unchanged because a reviewer accepted how they changed'),
    clusters: whole.nullable(),
    method: z.string().nullable(),
    noise: noise.nullable().describe('null where production was asked once'),
    because: z.string(),
    isMoot: z.boolean().describe('true where no request asks for it: not evaluable, and nothing that a GO waits for'),
    look: whole.nullable().describe('the look (from 1) that decided; null where the rule was judged once, at the end'),
    morePairs: z
      .object({ atEstimate: whole.nullable(), ifEqual: whole })
      .nullable()
      .describe(
        'Of an open rule: about how many more pairs would decide it with 80 % power, if the estimate stays what it is (null: none soon), and if the candidate equals production.',
      ),
    typical: number.nullable().describe('of a ratio of means: the geometric mean of the pairs’ own ratios'),
    overTime: z
      .enum(['shown', 'allowed-for'])
      .nullable()
      .describe(
        'it came and went with the time of sending, or may have: blocks of time are its units; null: they are not',
      ),
  })
  .describe('One rule in one segment. What was not measured is null.')

const look = z.object({
  records: whole.describe('of the plan, from its first on, that the look saw'),
  alphaPass: z.number().describe('one-sided, of the limit that a rule had to clear to be shown to hold'),
  alphaFail: z.number().describe('and to be shown to be broken, beside the other blocking rules'),
  decided: z.record(z.string(), z.enum(['pass', 'fail'])).describe('blocking rules decided at this look'),
  open: whole.describe('blocking rules that stayed open'),
})

const blind = z.object({
  segment: z.object({ key: z.string(), value: z.string() }),
  metric: z.string(),
  pairs: whole,
  smallest: number.describe('the smallest regression that would be seen with 80 % power, on the effect’s scale'),
})

const change = z
  .object({
    id: z.string().describe('the same from run to run as long as kind, segment and template are'),
    kind: z.string().describe('such as newly-refused, collapsed, fenced, value, rewritten'),
    segment: z
      .object({ key: z.string(), value: z.string() })
      .nullable()
      .describe('null for all records, or for those of which no segment has a cluster of its own'),
    template: z.string().nullable().describe('hash of what the edits have in common; null where that is nothing'),
    pairs: whole,
    of: whole.describe('pairs of the segment'),
    share: z.number(),
    noise: z
      .object({ pairs: whole, of: whole, share: z.number() })
      .nullable()
      .describe('the kind between production and itself; null where it was asked once there'),
    mirror: whole.nullable().describe('pairs that changed the other way round; null where there is no other way'),
    isBeyondNoise: z.boolean().nullable().describe('null where nothing can tell'),
    example: z.string().describe('id of the most ordinary record of the cluster'),
    lengths: z
      .object({ unit: z.enum(['characters', 'tokens']), before: z.number(), after: z.number() })
      .nullable()
      .describe('medians'),
    latencyRatio: z.number().nullable().describe('median of the candidate, in production’s'),
  })
  .describe('Pairs that changed alike.')

const ways = z.object({ there: whole, back: whole, of: whole })

const direction = z
  .object({ kind: z.string(), candidate: ways, noise: ways.nullable() })
  .describe('Pairs that changed one way and the other: newly refused and no longer refused, apart.')

const target = z.object({
  api: z.string(),
  baseUrl: z.string(),
  model: z.string().nullable().describe('null sends the captured model'),
  servedModels: z.array(z.string()).describe('as the API names them in its answers'),
  rename: z.record(z.string(), z.string()).optional().describe('body fields that keep their values under another name'),
  overrides: z.record(z.string(), z.json()),
  headers: z
    .record(z.string(), z.string().nullable())
    .optional()
    .describe('names of extra headers, with a hash of the value; null where that may be a secret'),
})

const calls = z.object({
  calls: whole.describe('retries included'),
  retries: whole,
  reply: whole,
  rejected: whole,
  broken: whole,
  timeout: whole,
})

const run = z.object({
  id: z.string(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  versions: z.object({ shadowgate: z.string(), node: z.string(), duckdb: z.string() }),
  seed: z.number(),
  dataset: z.object({ sha256: z.string(), records: whole }),
  sample: z
    .object({ duplicate: whole, fidelity: whole, api: whole, size: whole })
    .describe('records left out when the sample was drawn: recurring, incomplete, in another API, beyond its size'),
  targets: arm(target),
  replay: z
    .object({
      pace: z.enum(['closed', 'open']),
      timeScale: z.number(),
      lane: z.enum(['live', 'batch']),
      salted: z.boolean(),
    })
    .describe('how the requests were sent; open: when the log says, and latency counts from then'),
  stopped: z
    .object({
      why: z.string(),
      because: z.string(),
      records: whole.nullable().describe('the first so many records of the plan are judged; null: all that were sent'),
    })
    .nullable()
    .describe('where it ended before its plan did and is judged all the same'),
  notes: z.array(z.string()),
})

const counts = z.object({
  planned: whole.describe('pairs'),
  pairs: whole.describe('in which both arms came to an end'),
  noisePairs: whole.describe('that both arms answered twice'),
  excluded: z.record(z.string(), whole).describe('pairs that do not vote, by reason'),
  calls: arm(calls),
  rejectedLines: whole,
  duplicates: whole,
  costUsd: arm(z.number().nullable()),
})

const alarm = z
  .object({ kind: z.string().describe('drifted, moved or served-model'), because: z.string() })
  .describe('What this night showed beside those before it.')

export const verdictSchema = z
  .object({
    schema: z.literal(verdictSchemaId),
    decision: z.enum(['GO', 'INCONCLUSIVE', 'NO-GO', 'INVALID']),
    held: z.boolean().describe('a GO that waits for a person: a rule to investigate by failed; the exit status is 2'),
    because: z.string(),
    next: z.string(),
    flags: z.array(z.string()).describe('to look into: beside the decision, never hidden by it'),
    invalid: z.array(z.string()).describe('why the run can’t be judged; empty unless the decision is INVALID'),
    run,
    counts,
    findings: z.array(finding),
    changes: z
      .array(change)
      .describe('every pair that changed is in exactly one; beyond noise first, worst first; empty where not measured'),
    directions: z.array(direction),
    opinions: z
      .object({ liked: changedAmong, disliked: changedAmong })
      .nullable()
      .describe(
        'changes of answers whose recorded predecessors users liked or not; null where none said so; decides nothing',
      ),
    reviews: z
      .array(reviewed)
      .describe('what people decided about changes that the run has, regressions first; empty where nobody did'),
    judge: judge.nullable().describe('what a model said of the pairs, in both orders; null where none was asked'),
    looks: z.array(look).describe('at the run while it went on; empty where it was judged once'),
    against: againstSchema.nullable().describe('null where no comparison was asked for, or there is no earlier run'),
    drift: driftSchema.optional(),
    nights: z
      .object({ night: whole, goes: whole, falseGoAtMost: z.number(), alarms: z.array(alarm) })
      .optional()
      .describe(
        'judged nights on this swap by these rules, this one included; how many came to GO; and the chance, at most, that a candidate at a margin would have by now',
      ),
    blind: z.array(blind).describe('segments in which not even a regression of twice the margin would have been seen'),
  })
  .describe('What shadowgate decided on one run. Fields may be added within a version: readers ignore unknown ones.')

/** What `verdict.json` holds: a public contract, whose version stands in `schema`. */
export type VerdictFile = z.infer<typeof verdictSchema>

/** The JSON Schema (draft 2020-12) of verdict.json, as committed in `verdict.schema.json`. */
export function verdictJsonSchema(): object {
  // `input` leaves additional properties open, so that a field added later breaks no reader's validator.
  const { $schema, ...rest } = z.toJSONSchema(verdictSchema, { io: 'input' })
  return { $schema, $id: `urn:${verdictSchemaId.replace(/[./]/g, ':')}`, title: verdictSchemaId, ...rest }
}
