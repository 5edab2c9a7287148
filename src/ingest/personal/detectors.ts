// The kinds of personal data that are looked for, in the order in which they have the say over the same piece of a text.

import { card } from './card.ts'
import type { Detector } from './detector.ts'
import { email } from './email.ts'
import { iban } from './iban.ts'
import { ip } from './ip.ts'
import { phone } from './phone.ts'
import { ssn } from './ssn.ts'

/** A number with a check digit is surer than one without. */
export const detectors = [email, iban, card, ssn, ip, phone] as const satisfies readonly Detector[]
