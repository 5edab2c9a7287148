// How long what is kept: the settings. Without them everything is.

import { z } from 'zod'
import { about } from './about.ts'

const days = (what: string) =>
  z
    .number()
    .positive()
    .optional()
    .meta(about(`${what} go after so many days`, 'days'))

export const retention = z.strictObject({
  textsDays: days('Texts of answers and of requests'),
  attemptsDays: days('All that is stored of single pairs'),
  reportsDays: days('Folders of reports'),
  maxStoreMb: z
    .number()
    .positive()
    .optional()
    .meta(about('Largest store: beyond it the oldest texts go first, then what is stored of the oldest pairs', 'mb')),
})
