// The canary: the settings.

import { z } from 'zod'
import { modes } from '../../core/rollout.ts'
import { about, share } from './about.ts'
import { breaker, drain, limits, moreTargets } from './canary-traffic-schema.ts'
import { otlp } from './otlp-schema.ts'

type JsonInput = z.infer<ReturnType<typeof z.json>>
const json: z.ZodType<JsonInput> = z.json()

const keySource = z.union([
  z.strictObject({
    header: z.string().min(1).meta(about('Name of a header')),
    field: z
      .string()
      .min(1)
      .optional()
      .meta(about('Where the header holds JSON: path of a field in it, as _user in x-portkey-metadata')),
  }),
  z.strictObject({ body: z.string().min(1).meta(about('Path of a field of the body, with dots: metadata.user_id')) }),
  z.strictObject({ cookie: z.string().min(1).meta(about('Name of a cookie')) }),
  z.strictObject({ apiKey: z.literal(true).meta(about("The client's API key, whoever uses it")) }),
])

const stage = z.strictObject({
  share: share.meta(about('Share of users on the candidate, 0 to 1')),
  minMinutes: z.number().min(0).default(30).meta(about('Minutes that the stage lasts at least', 'minutes')),
  minRequests: z
    .int()
    .min(0)
    .default(500)
    .meta(about('Requests that the candidate answers in the stage at least', 'n')),
})

const guards = z.strictObject({
  errorRate: share.default(0.2).meta(about("Share of the candidate's last requests that may fail", 'share')),
  window: z.int().positive().default(100).meta(about('How many requests those are', 'n')),
  consecutive: z.int().positive().default(20).meta(about('Failures in a row that roll back', 'n')),
  silentMinutes: z.number().positive().default(2).meta(about('Minutes without any answer that roll back', 'minutes')),
})

const permit = z.strictObject({
  verdict: z
    .string()
    .optional()
    .meta(about('The verdict.json that opens the canary; the newest report without it', 'file')),
  maxAgeHours: z.number().positive().default(48).meta(about('How old that verdict may be', 'hours')),
})

const admin = z.strictObject({
  port: z
    .int()
    .min(0)
    .max(65_535)
    .default(4601)
    .meta(about('Port on loopback for status, metrics and `shadowgate ramp`', 'port')),
  tokenFrom: z
    .strictObject({ env: z.string().min(1) })
    .default({ env: 'SHADOWGATE_ADMIN_TOKEN' })
    .meta(
      about(
        'Environment variable that holds the token; without one, each start makes its own and keeps it beside the journal',
      ),
    ),
})

const drill = z.strictObject({
  allowed: z.boolean().default(false).meta(about('Whether `shadowgate drill --live` may spoil answers of real users')),
  maxMinutes: z.number().positive().default(10).meta(about('So long at most', 'minutes')),
  maxShare: share.default(1).meta(about("Share of the candidate's answers at most", 'share')),
})

const control = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta(
      about(
        'Base URL of a server that the control alone is asked at, where nothing in a request tells caches apart; where it gives no answer, production is asked',
        'url',
      ),
    ),
  keyFrom: z
    .strictObject({ env: z.string().min(1) })
    .optional()
    .meta(
      about(
        "Environment variable with the control's own key, of another project or workspace of production's provider; or <variable>_FILE names a file that holds it",
      ),
    ),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta(about('Headers of its requests alone; ${VAR} keeps secrets out of this file')),
  body: z
    .record(z.string(), json)
    .default({})
    .meta(about('Body fields of its requests alone: { cache_salt: control }, { prompt_cache_key: control }')),
})

const defaultShares = [0.05, 0.1, 0.25, 0.5, 1]

export const canary = z
  .strictObject({
    mode: z.enum(modes).default('canary').meta(about('shadow, canary, ab or blue-green', 'word')),
    host: z.string().default('127.0.0.1').meta(about('Where the router listens', 'host')),
    port: z.int().min(0).max(65_535).default(4600).meta(about('And on which port', 'port')),
    key: z
      .array(keySource)
      .default([{ header: 'x-user-id' }])
      .meta(about('Where a request says whose it is, in the order in which they are tried')),
    salt: z
      .string()
      .default('shadowgate')
      .meta(about('Deals the users into buckets; another salt deals all of them anew', 'text')),
    traceHeader: z
      .string()
      .optional()
      .meta(
        about(
          "Header that names a request over all of its tries: without a user's key, they meet one arm by it",
          'name',
        ),
      ),
    model: z
      .string()
      .optional()
      .meta(about("Requests for another model are production's; without it, production's model", 'name')),
    credentials: z
      .enum(['client', 'target'])
      .default('client')
      .meta(
        about("What production is asked with: the client's own key, or the one in targets.production.keyFrom", 'word'),
      ),
    overrideHeader: z
      .string()
      .optional()
      .meta(
        about(
          'Header by which testers ask for an arm, production in shadow and after a rollback; without it nobody may',
          'name',
        ),
      ),
    tellsArm: z.boolean().default(false).meta(about('Whether answers say in x-shadowgate-arm who gave them')),
    segments: z
      .record(z.string(), z.string())
      .default({})
      .meta(about('Segments of requests by the header that names them: { route: x-route }')),
    stratify: z.string().optional().meta(about('Segment whose mix is weighed out between the groups', 'key')),
    stages: z
      .array(stage)
      .min(1)
      .default(defaultShares.map((each) => ({ share: each, minMinutes: 30, minRequests: 500 })))
      .refine(
        (stages) => stages.every(({ share: each }, i) => each > (stages[i - 1]?.share ?? 0)),
        'each share above the one before',
      )
      .meta(about('Shares that the ramp goes through')),
    evaluateEverySeconds: z.number().positive().default(30).meta(about('How often users are compared', 'seconds')),
    expectedUsers: z
      .int()
      .positive()
      .default(1000)
      .meta(about('Users a group will have, to within a factor of ten: there the limits are narrowest', 'n')),
    minUsers: z.int().min(2).default(50).meta(about('Fewer users in a group give no verdict', 'n')),
    control: control
      .prefault({})
      .meta(
        about(
          "How production is asked for the control, so that its prompts are cached apart from all of production's, as the candidate's are",
        ),
      ),
    guards: guards.prefault({}),
    permit: permit.prefault({}),
    drill: drill.prefault({}),
    otlp: otlp
      .optional()
      .meta(about("Where the router's spans are sent over HTTP; OpenTelemetry's own variables (OTEL_…) win over it")),
    traceRatio: share
      .default(1)
      .meta(
        about('Share of traces that are recorded where the client brings no trace; one that does has decided', 'share'),
      ),
    journal: z
      .string()
      .default('reports/canary.journal.jsonl')
      .meta(about('Every change of the ramp, with its evidence', 'file')),
    log: z
      .string()
      .default('reports/canary.requests.jsonl')
      .meta(about("The router's own log, which ingest reads", 'file')),
    logMaxMb: z
      .number()
      .positive()
      .default(100)
      .meta(about('A file of the log that would grow beyond is put aside: canary.requests.000001.jsonl', 'mb')),
    logMaxHours: z.number().positive().default(24).meta(about('And one that was begun so long ago', 'hours')),
    logKeep: z
      .int()
      .min(0)
      .default(30)
      .meta(about('Files of the log that were put aside and are kept at most; the oldest goes', 'n')),
    maxBodyMb: z.number().positive().default(20).meta(about('Larger requests are refused', 'mb')),
    connections: z
      .int()
      .positive()
      .default(512)
      .meta(about('Connections to each target at most, and so requests in flight there', 'n')),
    maxCopies: z.int().positive().default(64).meta(about('In shadow: copies to the candidate under way at most', 'n')),
    moreTargets: moreTargets
      .prefault({})
      .meta(about('Further servers of an arm, with the same API and model: { candidate: [{ baseUrl }] }')),
    breaker: breaker.prefault({}),
    limits: limits.prefault({}),
    drain: drain.prefault({}),
    admin: admin.prefault({}),
  })
  .refine(
    ({ credentials, moreTargets: { production } }) =>
      credentials === 'target' || production.every(({ keyFrom }) => keyFrom === undefined),
    {
      path: ['moreTargets', 'production'],
      message:
        "a key of its own goes with credentials: target; with the clients' keys this server would answer whoever comes",
    },
  )
