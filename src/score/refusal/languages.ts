// The languages beside English: a further one is one file and one line here.

import { chinese } from './chinese.ts'
import { dutch } from './dutch.ts'
import { french } from './french.ts'
import { german } from './german.ts'
import { italian } from './italian.ts'
import { japanese } from './japanese.ts'
import { korean } from './korean.ts'
import { polish } from './polish.ts'
import { portuguese } from './portuguese.ts'
import { russian } from './russian.ts'
import { spanish } from './spanish.ts'

export const languages = {
  all: [german, french, spanish, italian, portuguese, dutch, polish, russian, chinese, japanese, korean],
  /** Cheap first test: a negation, or a refusal's verb, of one of them. Keep it in step with the lists. */
  trigger:
    /nicht|kein|\blehne|muss\b|\bje (?:ne|n'|ref|d|pr)|\bno (?:p|v|me|e)|\bdebo|tengo que|me niego|prefi|\bnon |rifiut|n[ãÃ]o |recus|\bniet\b|\bgeen\b|weiger|\bnie |odm[óa]|wol|\bотказ|не |предпо|[无無不拒]|でき|出来|かね|断り|없/i,
} as const
