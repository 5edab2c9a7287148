// Lines of spans in Ink: the one place that knows which meaning has which colour.
/** @jsxImportSource react */

import { Text, type TextProps } from 'ink'
import type { Line, Tone } from '../spans.ts'

/** Colour is never alone: marks, brackets and words say the same. */
const looks: Readonly<Record<Tone, { readonly colour?: TextProps['color']; readonly style: Partial<TextProps> }>> = {
  plain: { style: {} },
  quiet: { style: { dimColor: true } },
  title: { style: { bold: true } },
  removed: { colour: 'red', style: { strikethrough: true } },
  'removed-mark': { colour: 'red', style: { bold: true } },
  added: { colour: 'green', style: { bold: true } },
  'added-mark': { colour: 'green', style: { bold: true } },
  good: { colour: 'green', style: {} },
  bad: { colour: 'red', style: { bold: true } },
  doubt: { colour: 'yellow', style: {} },
  chosen: { style: { inverse: true } },
}

/** With brackets around what was removed and added, text needs no line through it. */
const plainStyles: Readonly<Partial<Record<Tone, Partial<TextProps>>>> = { removed: {}, added: {} }

export function styleOf(tone: Tone, hasColour: boolean): Partial<TextProps> {
  const { colour, style } = looks[tone]
  if (!hasColour) return plainStyles[tone] ?? style
  return colour === undefined ? style : { ...style, color: colour }
}

export interface SpansProps {
  readonly line: Line
  readonly hasColour: boolean
  /** Drawn over what the spans mean, for the line that a cursor is on. */
  readonly isChosen?: boolean
}

/** One line, no longer than its box. */
export function Spans({ line, hasColour, isChosen = false }: SpansProps) {
  // An empty line has no height of its own.
  if (line.length === 0) return <Text> </Text>
  return (
    <Text wrap="truncate-end" inverse={isChosen}>
      {line.map(({ text, tone }, place) => (
        <Text key={place} {...styleOf(tone, hasColour)}>
          {text}
        </Text>
      ))}
    </Text>
  )
}
