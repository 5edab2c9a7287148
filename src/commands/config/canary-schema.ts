// The canary: the settings.

import { z } from 'zod'
import { modes } from '../../core/rollout.ts'
import { about, share } from './about.ts'

const keySource = z.union([
  z.strictObject({ header: z.string().min(1).meta(about('Name of a header')) }),
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

const moreTarget = z.strictObject({
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .meta(about("Where the API begins there; the API itself, the model and all else are the arm's", 'url')),
  keyFrom: z
    .strictObject({ env: z.string().min(1) })
    .optional()
    .meta(about("Environment variable that holds its key; without it, the arm's key")),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta(about("Extra headers beside the arm's; ${VAR} keeps secrets out of this file")),
  weight: z
    .number()
    .positive()
    .default(1)
    .meta(about("Its share of the arm's users beside the others'; the one in `targets` has 1", 'n')),
})

const moreTargets = z.strictObject({
  production: z.array(moreTarget).default([]).meta(about('Of production')),
  candidate: z.array(moreTarget).default([]).meta(about('Of the candidate')),
})

const breaker = z.strictObject({
  failures: z
    .int()
    .positive()
    .default(10)
    .meta(about('Failures in a row (no answer, or 5xx) after which a target is left alone', 'n')),
  openSeconds: z
    .number()
    .positive()
    .default(10)
    .meta(about('For how long; then one request tries whether it answers again', 'seconds')),
})

const limits = z.strictObject({
  clients: z
    .int()
    .positive()
    .default(10_000)
    .meta(about("Clients' connections at most; beyond, they are answered 503 and closed", 'n')),
  headerKb: z
    .number()
    .positive()
    .default(32)
    .meta(about("A request's headers at most, in kilobytes; larger ones are answered 431", 'kb')),
  headersSeconds: z.number().positive().default(30).meta(about("How long a client's headers may take", 'seconds')),
  requestSeconds: z
    .number()
    .positive()
    .default(120)
    .meta(about('And the whole request with its body; then it is answered 408', 'seconds')),
  keepAliveSeconds: z
    .number()
    .positive()
    .default(75)
    .meta(about('How long a connection may idle; more than that of the load balancer before it', 'seconds')),
  stalledSeconds: z
    .number()
    .positive()
    .default(60)
    .meta(about('A client that takes nothing of its answer for so long is cut off', 'seconds')),
  waiting: z
    .int()
    .min(0)
    .default(256)
    .meta(about('Requests that wait for a connection to an arm at most; beyond, 503', 'n')),
  waitSeconds: z
    .number()
    .positive()
    .default(5)
    .meta(about('And for how long; then 503, or production in place of the candidate', 'seconds')),
})

const drain = z.strictObject({
  noticeSeconds: z
    .number()
    .min(0)
    .default(5)
    .meta(
      about(
        'After SIGTERM: how long it still takes requests while /readyz says 503, so that a load balancer notices',
        'seconds',
      ),
    ),
  endSeconds: z
    .number()
    .min(0)
    .default(120)
    .meta(about('Then answers that run have so long to end, before they are cut', 'seconds')),
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
      .meta(about('Header by which testers ask for an arm; without it nobody may', 'name')),
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
    guards: guards.prefault({}),
    permit: permit.prefault({}),
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
