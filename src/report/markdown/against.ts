// What changed since another run, as a section of the comment.

import { inSegment } from '../../core/segment-words.ts'
import { count, counted } from '../format.ts'
import type { AgainstModel, AgainstRule, SinceModel } from '../model/against.ts'
import { shorten } from '../text.ts'
import { inline } from './escape.ts'

/** A comment is for what differs; the report has the rest. */
const mostRules = 10
const mostChanges = 5
const mostSentence = 700

/** Empty where nothing was compared. */
export function againstSection(against: AgainstModel | null): string {
  if (against === null || against.since === null) return ''
  const { since } = against
  const unlike = since.unlike.length === 0 ? [] : [`**Not like for like:**\n\n${list(since.unlike)}`]
  return [
    `### Since ${inline(since.when)} (${since.mark.word})`,
    ...unlike,
    told(since.decision),
    rules(since),
    changes(since),
    told(since.requests),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function rules({ rules: all, shiftName }: SinceModel): string {
  const differing = all.filter(isTelling)
  const lines = differing.slice(0, mostRules).map((rule) => ruleLine(rule, shiftName))
  const beyond = differing.length - lines.length
  const quiet = all.length - differing.length
  const rest = [
    ...(beyond > 0 ? [`- ${count(beyond)} more that differ are in the report`] : []),
    ...(quiet > 0
      ? [
          `- ${counted(quiet, lines.length > 0 ? 'other rule' : 'rule')}: not shown to differ from then, not to be compared, or of a segment that came or went`,
        ]
      : []),
  ]
  return [...lines, ...rest].join('\n')
}

function isTelling({ told: word, earlier, now, isInFront }: AgainstRule): boolean {
  return isInFront && ((word !== 'same' && word !== 'unknown') || earlier?.outcome !== now?.outcome)
}

function ruleLine(
  { title, segment, words, earlier, now, shift, shiftInterval, notes }: AgainstRule,
  shiftName: string,
): string {
  const name = inSegment(title, segment)
  const sides = [earlier, now].map((side) =>
    side === null ? 'not asked' : `${side.mark.word} ${side.estimate ?? ''}`.trim(),
  )
  const change = shift === null ? [] : [`change ${shift} (${shiftName} ${shiftInterval})`]
  return `- **${inline(name)}**: ${inline([words, sides.join(' → '), ...change, ...notes].join('; '))}`
}

function changes({ changes: all, noChanges }: SinceModel): string {
  if (noChanges !== null) return told(noChanges)
  const differing = all.filter(({ told: word }) => word !== 'same' && word !== 'unknown')
  if (differing.length === 0) return 'No change of answers is shown to be new, gone, or more or less often than then.'
  const left = differing.length - mostChanges
  return [
    ...differing.slice(0, mostChanges).map(({ what, where, words, earlier, now }) => {
      const place = where === null ? '' : ` in ${where}`
      return `- **${inline(`${what}${place}`)}**: ${inline(`${words}; ${earlier} → ${now}`)}`
    }),
    ...(left > 0 ? [`- ${left} more in the report`] : []),
  ].join('\n')
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${told(line)}`).join('\n')
}

function told(text: string): string {
  return inline(shorten(text, mostSentence))
}
