// How Italian declines.

import type { Language } from './rule.ts'

export const italian: Language = {
  language: 'Italian',
  declines: [
    /\bnon (?:posso|potrò|sono in grado di|mi è possibile|sono autorizzat[oa] a) (?:\S+ ){0,4}?(?:aiutar\S*|assister\S*|fornir\S*|offrir\S*|dar(?:e|ti|le|vi)|risponder\S*|soddisfare|partecipare|scrivere|condividere|creare|generare)/i,
    /\b(?:devo rifiutar\S*|mi rifiuto di|preferisco non|preferirei non)(?![\wàèéìòù])/i,
  ],
}
