// Parts of one pair, the same in the list that needs no script and in the explorer: request, answers, trees, calls.
/** @jsxImportSource preact */

import type { JsonLine } from '../../diff/json.ts'
import { diffForPeople } from '../../diff/text.ts'
import type { CallModel } from '../model/pair-calls.ts'
import type { ComparisonModel, Inline, Passage, SideModel } from '../model/pairs.ts'

/** What scrolls by itself must be reached by keys alone. */
const scrolled = { role: 'region', 'aria-label': 'Request', tabIndex: 0 } as const

export function Request({ passage, scrolls = false }: { passage: Passage; scrolls?: boolean }) {
  return (
    <div class="request">
      <h3 class="label">Request</h3>
      <div class="text" {...(scrolls ? scrolled : {})}>
        {passage.text}
      </div>
      <Cut words={passage.cutNote} />
    </div>
  )
}

/** Says what is not shown. */
export function Cut({ words }: { words: string | null }) {
  return words === null ? null : <p class="cut">{words}</p>
}

export interface Names {
  readonly production: string
  readonly candidate: string
}
const arms: Names = { production: 'Production', candidate: 'Candidate' }

/** Both answers beside each other. */
export function Sides({ pair, names = arms }: { pair: ComparisonModel; names?: Names }) {
  return (
    <div class="sides">
      {[pair.production, pair.candidate].map((side) => (
        <div class={`side is-${side.arm}`}>
          <SideHead side={side} name={names[side.arm]} />
          <div class="text">
            {side.parts.length === 0 && <span class="none">no text</span>}
            {side.parts.map(({ isShared, text }) =>
              isShared ? text : side.arm === 'production' ? <del>{text}</del> : <ins>{text}</ins>,
            )}
          </div>
          <Cut words={side.cutNote} />
        </div>
      ))}
    </div>
  )
}

/** What both answers took, above one text or tree of both. */
export function Heads({ pair, names = arms }: { pair: ComparisonModel; names?: Names }) {
  return (
    <div class="sides heads">
      {[pair.production, pair.candidate].map((side) => (
        <div class={`side is-${side.arm}`}>
          <SideHead side={side} name={names[side.arm]} />
        </div>
      ))}
    </div>
  )
}

function SideHead({ side, name }: { side: SideModel; name: string }) {
  return (
    <>
      <h3>
        {name}{' '}
        <small>
          {side.outcome} · {side.latency} · {side.tokens}
        </small>
      </h3>
      {side.facts.length > 0 && <p class="facts-of">{side.facts.join(' · ')}</p>}
    </>
  )
}

/** Both answers as one text. */
export function InlineText({ inline }: { inline: Inline }) {
  return (
    <div class="inline">
      <div class="text">
        {inline.parts.map(({ kind, text }) =>
          kind === 'same' ? text : kind === 'removed' ? <del>{text}</del> : <ins>{text}</ins>,
        )}
      </div>
      <Cut words={inline.cutNote} />
    </div>
  )
}

const signs = { same: '  ', removed: '− ', added: '+ ', folded: '⋯ ' } as const

/** A tree of both. Signs say what colours say. */
export function JsonTree({ lines }: { lines: readonly JsonLine[] }) {
  return (
    <div class="tree text">
      {lines.map((line, at) => {
        const { kind, depth, key, text } = line
        const value = <ScalarText line={line} before={lines[at - 1]} after={lines[at + 1]} />
        return (
          <div class={`line is-${kind}`}>
            {signs[kind]}
            {'  '.repeat(depth)}
            {key !== null && `${key}: `}
            {kind === 'removed' ? (
              <del>{value}</del>
            ) : kind === 'added' ? (
              <ins>{value}</ins>
            ) : kind === 'folded' ? (
              <i>{text}</i>
            ) : (
              text
            )}
          </div>
        )
      })}
    </div>
  )
}

interface Scalar {
  readonly line: JsonLine
  readonly before: JsonLine | undefined
  readonly after: JsonLine | undefined
}

/** Of a string that became another string, the words that differ are marked within. */
function ScalarText({ line, before, after }: Scalar) {
  const other = line.kind === 'removed' ? after : line.kind === 'added' ? before : undefined
  const isEdit =
    other !== undefined &&
    other.kind === (line.kind === 'removed' ? 'added' : 'removed') &&
    other.key === line.key &&
    other.depth === line.depth &&
    [line, other].every(({ text }) => text.startsWith('"'))
  if (!isEdit) return <>{line.text}</>
  const [left, right] = line.kind === 'removed' ? [line, other] : [other, line]
  return (
    <>
      {diffForPeople(left.text, right.text, { maxEdits: 200 })
        .parts.filter(({ kind }) => kind === 'same' || kind === line.kind)
        .map(({ kind, text }) => (kind === 'same' ? text : <b>{text}</b>))}
    </>
  )
}

export function Calls({ calls }: { calls: readonly CallModel[] }) {
  if (calls.length === 0) return null
  return (
    <div class="calls">
      <h3 class="label">Tool calls</h3>
      {calls.map(({ name, told, lines, note }) => (
        <div class="call">
          <p>
            <b>{name}</b> <small>{told}</small>
          </p>
          <JsonTree lines={lines} />
          <Cut words={note} />
        </div>
      ))}
    </div>
  )
}
