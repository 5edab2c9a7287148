// How Dutch declines.

import type { Language } from './rule.ts'

export const dutch: Language = {
  language: 'Dutch',
  declines: [
    /\bik (?:kan|mag|zal|wil|ga) (?:\S+ ){0,8}?(?:niet|geen) (?:\S+ ){0,8}?(?:helpen|assisteren|beantwoorden|voldoen|verstrekken|geven|bieden|leveren|meewerken|delen|schrijven)\b/i,
    /\b(?:kan|mag|zal|wil) ik (?:\S+ ){0,8}?(?:niet|geen) (?:\S+ ){0,8}?(?:helpen|assisteren|beantwoorden|voldoen|verstrekken|geven|bieden|leveren|meewerken|delen|schrijven)\b/i,
    /\bik (?:weiger|moet (?:\S+ ){0,4}?weigeren)\b|\bik doe dat liever niet\b/i,
  ],
}
