// The canary: the settings of its traffic: further targets, breakers, limits and the end.

import { z } from 'zod'
import { about } from './about.ts'

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

export const moreTargets = z.strictObject({
  production: z.array(moreTarget).default([]).meta(about('Of production')),
  candidate: z.array(moreTarget).default([]).meta(about('Of the candidate')),
})

export const breaker = z.strictObject({
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

export const limits = z.strictObject({
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

export const drain = z.strictObject({
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
