// How French declines.

import type { Language } from './rule.ts'

export const french: Language = {
  language: 'French',
  declines: [
    /\bje ne (?:peux|puis|suis|vais|saurais|souhaite|pourrai) (?:malheureusement )?pas (?:\S+ ){0,6}?(?:aider|répondre|fournir|donner|proposer|assister|satisfaire|accéder|participer|rédiger|partager)/i,
    /\bje ne (?:peux|puis) pas (?:t'|vous |te |l')?\s?aider\b/i,
    /\bje (?:refuse|décline|dois (?:\S+ ){0,2}?(?:refuser|décliner))\b/i,
    /\bje (?:préfère|préférerais) ne pas\b/i,
    /\b(?:désolée?|regrette)\b[^.!]{0,60}\bje ne (?:peux|puis|suis) pas\b(?![^.]{0,30}(?:trouv|sûr|certain))/i,
  ],
}
