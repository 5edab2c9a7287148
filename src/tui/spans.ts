// Text as a terminal shows it: lines of spans, each with what it means; colours are chosen where lines are drawn.

/** What a span means, never how it looks. */
export type Tone =
  | 'plain'
  | 'quiet'
  | 'title'
  | 'removed'
  | 'removed-mark'
  | 'added'
  | 'added-mark'
  | 'good'
  | 'bad'
  | 'doubt'
  | 'chosen'

/** Without control characters: whoever makes a span of foreign text makes it printable first. */
export interface Span {
  readonly text: string
  readonly tone: Tone
}

/** One line of the screen, or of a text that was not wrapped yet. */
export type Line = readonly Span[]

export function span(text: string, tone: Tone = 'plain'): Span {
  return { text, tone }
}

export function line(text: string, tone: Tone = 'plain'): Line {
  return text === '' ? [] : [{ text, tone }]
}
