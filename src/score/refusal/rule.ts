// What a rule about refusals is, and how the patterns of rules are put together.

export type RefusalKind = 'full' | 'partial'

export interface RefusalRule {
  /** What the reply does, as a report puts it. */
  readonly name: string
  /** Seen within one sentence of the opening. */
  readonly pattern: RegExp
  /** Also seen where the opening says neither "I" nor "we". */
  readonly isImpersonal?: true
  /** Must be seen in the opening as well. */
  readonly beside?: RegExp
  /** Must not be seen anywhere in the reply. */
  readonly without?: RegExp
  /** What the reply is where it goes on with something of substance: an answer with a caveat (null) unless said. */
  readonly withSubstance?: RefusalKind | null
  /** What the reply is where it does not: a full refusal unless said. */
  readonly alone?: RefusalKind
}

/** How another language declines: short and precise, looked for in the opening alone. */
export interface Language {
  readonly language: string
  /** First person, present tense, and a verb of helping: what an answer rarely says of itself. */
  readonly declines: readonly RegExp[]
}

export const oneOf = (...words: readonly string[]) => `(?:${words.join('|')})`
export const matching = (...parts: readonly string[]) => new RegExp(parts.join(''), 'i')
