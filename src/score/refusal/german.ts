// How German declines.

import type { Language } from './rule.ts'

export const german: Language = {
  language: 'German',
  declines: [
    /\bich (?:kann|darf|werde|möchte|will) (?:\S+ ){0,8}?(?:nicht|keine\S*) (?:\S+ ){0,8}?(?:helfen|weiterhelfen|unterstützen|behilflich|beantworten|nachkommen|erfüllen|bereitstellen|geben|anbieten|liefern)\b/i,
    /\b(?:kann|darf|werde|möchte) ich (?:\S+ ){0,8}?(?:nicht|keine\S*) (?:\S+ ){0,8}?(?:helfen|weiterhelfen|unterstützen|behilflich|beantworten|nachkommen|erfüllen|bereitstellen|geben|anbieten|liefern)\b/i,
    /\b(?:es tut mir leid|tut mir leid|entschuldigung|bedauere)[^.!]{0,80}\bich (?:\S+ ){0,8}?(?:nicht|keine\S*)\b(?![^.]{0,40}(?:finden|gefunden|sicher|weiß))/i,
    /\bich (?:lehne|muss) (?:\S+ ){0,6}?(?:ab\b|ablehnen)/i,
  ],
}
