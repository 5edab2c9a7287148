// A collector of OpenTelemetry's: the settings that metrics and traces have in common.

import { z } from 'zod'
import { about } from './about.ts'

export const otlp = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .meta(
      about('Of a collector of OpenTelemetry, as in OTEL_EXPORTER_OTLP_ENDPOINT: without /v1/metrics or /v1/traces'),
    ),
  headers: z
    .record(z.string(), z.string())
    .default({})
    .meta(about('Extra headers; ${VAR} keeps secrets out of this file')),
})
