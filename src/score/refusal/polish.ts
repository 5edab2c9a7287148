// How Polish declines.

import type { Language } from './rule.ts'

export const polish: Language = {
  language: 'Polish',
  declines: [
    /(?<!\p{L})nie (?:mogę|będę|jestem w stanie|zamierzam) (?:\S+ ){0,4}?(?:pomóc|pomagać|pomoc|udzielić|udzielać|dostarczyć|odpowiedzieć|spełnić|podać|zapewnić|napisać|udostępnić|stworzyć|wygenerować)(?!\p{L})/iu,
    /(?<!\p{L})(?:muszę odmówić|odmawiam|wolę nie|wolał(?:a)?bym nie)(?!\p{L})/iu,
  ],
}
