// Who is told of a night: the settings.

import { z } from 'zod'
import { messageFormats } from '../../notify/messages.ts'
import { occasions } from '../../notify/news.ts'
import { about } from './about.ts'
import { otlp } from './otlp-schema.ts'

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
      .meta(
        about(
          'json: all that is known; slack: as Slack, Mattermost and Discord take it; teams: a card of Microsoft Teams',
        ),
      ),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .meta(about('Extra headers; ${VAR} keeps secrets out of this file')),
    on: z
      .enum(occasions)
      .optional()
      .meta(
        about('When this one is told, instead of notify.on: always, for what waits for a sign of life every night'),
      ),
    optional: z
      .boolean()
      .default(false)
      .meta(about('Whether it may fail, or have no address: shadowgate notify succeeds all the same')),
  })
  .refine(({ url, urlFrom }) => (url === undefined) !== (urlFrom === undefined), 'either url or urlFrom')

export const notify = z.strictObject({
  on: z
    .enum(occasions)
    .default('change')
    .meta(
      about(
        'change: another decision than the night before, an alarm, the first failure, and the end of a bad spell; always; never',
        'word',
      ),
    ),
  quietNights: z
    .int()
    .min(0)
    .default(3)
    .meta(about('Nights in a row without a new record that are worth a message; 0: none are', 'n')),
  remindNights: z
    .int()
    .min(0)
    .default(7)
    .meta(about('What goes on failing, or quiet, is told again after so many nights; 0: never', 'n')),
  reportUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta(
      about('Where readers find a report, instead of its path on this machine; {run} becomes the id of the run', 'url'),
    ),
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
    .meta(about('For each try of a message, for the collector, and six times as much for the command', 'ms')),
  textfile: z
    .string()
    .optional()
    .meta(about("Where the job's own metrics are written for Prometheus (node_exporter's textfile collector)", 'file')),
  otlp: otlp
    .optional()
    .meta(about("Where the job's own metrics are sent over HTTP; OpenTelemetry's own variables (OTEL_…) win over it")),
})
