// Who is told of a night: the settings.

import { z } from 'zod'
import { messageFormats } from '../../notify/messages.ts'
import { occasions } from '../../notify/news.ts'
import { about } from './about.ts'

const webhook = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta(about('Where the message is posted')),
    urlFrom: z
      .strictObject({ env: z.string().min(1) })
      .optional()
      .meta(about('Environment variable that holds the address: of most webhooks it is the secret')),
    format: z
      .enum(messageFormats)
      .default('json')
      .meta(about('json: all that is known; slack: as Slack and Mattermost take it')),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .meta(about('Extra headers; ${VAR} keeps secrets out of this file')),
  })
  .refine(({ url, urlFrom }) => (url === undefined) !== (urlFrom === undefined), 'either url or urlFrom')

export const notify = z.strictObject({
  on: z
    .enum(occasions)
    .default('change')
    .meta(about('change: another decision than the night before, or none at all; always; never', 'word')),
  webhooks: z.array(webhook).default([]).meta(about('Addresses that a message is posted to')),
  command: z
    .array(z.string())
    .min(1)
    .optional()
    .meta(
      about(
        'Program and arguments, called with the night as JSON on its standard input and SHADOWGATE_… in its environment',
      ),
    ),
  timeoutMs: z
    .int()
    .positive()
    .default(10_000)
    .meta(about('For each try of a message, and six times as much for the command', 'ms')),
  textfile: z
    .string()
    .optional()
    .meta(about("Where the job's own metrics are written for Prometheus (node_exporter's textfile collector)", 'file')),
})
