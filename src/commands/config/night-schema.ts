// The night's job where nobody watches: when it begins, and how it writes its log.

import { z } from 'zod'
import { logFormats } from '../output/log-lines.ts'
import { about } from './about.ts'

export const log = z.strictObject({
  format: z
    .enum(logFormats)
    .default('auto')
    .meta(
      about(
        'Lines of run, nightly and serve on standard error: auto is json where that is no terminal, and text in CI',
        'word',
      ),
    ),
})

export const night = z.strictObject({
  at: z
    .string()
    .regex(/^(?:[01]?\d|2[0-3]):[0-5]\d$/, 'a time of the day, as 02:30')
    .default('02:30')
    .meta(about('When a night begins: for shadowgate nightly, and for shadowgate schedule', 'time', '--at')),
  tz: z
    .string()
    .min(1)
    .optional()
    .meta(
      about(
        "The time zone of night.at: Europe/Berlin; the machine's or the scheduler's own without it",
        'zone',
        '--tz',
      ),
    ),
})
