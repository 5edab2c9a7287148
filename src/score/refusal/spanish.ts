// How Spanish declines.

import type { Language } from './rule.ts'

export const spanish: Language = {
  language: 'Spanish',
  declines: [
    /\bno (?:puedo|podré|voy a|me es posible|estoy (?:autorizad[oa]|en condiciones)(?: a| de| para)?) (?:\S+ ){0,4}?(?:ayudar|ayudarte|ayudarle|asistir|proporcionar|proporcionarte|ofrecer|dar|darte|brindar|responder|cumplir|participar|escribir|compartir|facilitar|crear|generar)(?:te|le)?(?![\wáéíóú])/i,
    /\b(?:debo|tengo que|me niego a|prefiero no|me veo obligad[oa] a) (?:rechazar|negarme|declinar|hacer|responder|ayudar|hablar)/i,
  ],
}
