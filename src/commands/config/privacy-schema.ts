// What of personal data is kept: the settings.

import { z } from 'zod'
import { detectors } from '../../ingest/personal/detectors.ts'
import { whyUnreadable } from '../../ingest/personal/pattern.ts'
import { about } from './about.ts'

const kinds = detectors.map(({ kind }) => kind)
const on = (plural: string) =>
  z
    .boolean()
    .default(true)
    .meta(about(`Whether ${plural} are looked for`, 'bool'))
const [emails, ibans, cards, ssns, ips, phones] = detectors

const pattern = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'lower case, digits and dashes: placeholders are [name-3f2a9c]')
    .refine((name) => !kinds.some((kind) => kind === name), `a name of its own; there is ${kinds.join(', ')}`)
    .meta(about('Placeholders are [name-3f2a9c]')),
  regex: z
    .string()
    .superRefine((regex, context) => {
      const why = whyUnreadable(regex)
      if (why !== null) context.addIssue({ code: 'custom', message: why })
    })
    .meta(about('Regular expression in the syntax of RE2, which takes no longer on a hostile text')),
})

export const privacy = z.strictObject({
  personalData: z
    .boolean()
    .default(true)
    .meta(about('Whether personal data is replaced by placeholders before anything is stored', 'bool')),
  detectors: z
    .strictObject({
      email: on(emails.plural),
      iban: on(ibans.plural),
      card: on(cards.plural),
      ssn: on(ssns.plural),
      ip: on(ips.plural),
      phone: on(phones.plural),
    })
    .prefault({}),
  patterns: z
    .array(pattern)
    .superRefine((patterns, context) => {
      for (const [at, { name }] of patterns.entries()) {
        if (patterns.findIndex((each) => each.name === name) < at)
          context.addIssue({ code: 'custom', path: [at, 'name'], message: `two patterns are called ${name}` })
      }
    })
    .default([])
    .meta(about('What else is replaced')),
})
