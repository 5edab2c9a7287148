// The night's job where nobody watches: when it begins, and how it writes its log.

import { z } from 'zod'
import { logFormats } from '../log-lines.ts'
import { about } from './about.ts'

export const log = z.strictObject({
  format: z
    .enum(logFormats)
    .default('auto')
    .meta(
      about(
        'Lines of run and nightly on standard error: auto is json where that is no terminal, and text in CI',
        'word',
      ),
    ),
})
