// How Portuguese declines.

import type { Language } from './rule.ts'

export const portuguese: Language = {
  language: 'Portuguese',
  declines: [
    /(?<![\wãáéíóúç])não (?:posso|poderei|vou|consigo|estou autorizad[oa] a|me é possível) (?:\S+ ){0,4}?(?:ajudar|ajudá-l\S*|auxiliar|fornecer|oferecer|dar|responder|atender|cumprir|participar|escrever|compartilhar|partilhar|criar|gerar)(?![\wãáéíóúç])/i,
    /\b(?:devo recusar|recuso-me a|me recuso a|prefiro não|tenho que recusar)(?![\wãáéíóúç])/i,
  ],
}
