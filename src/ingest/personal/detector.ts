// What finds one kind of personal data in a text.

/** A piece of a text. `value` is what it says however it is written, so that one address has one placeholder. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly value: string
}

export interface Detector {
  /** The word in the config, and in the placeholder. */
  readonly kind: string
  /** What several are called in a sentence. */
  readonly plural: string
  /**
   * A cheap first test, asked of every text: one in which this matches nowhere has none. It opens with no letter, or it
   * would be tried at each.
   */
  readonly needs: RegExp
  readonly find: (text: string) => readonly Span[]
}
