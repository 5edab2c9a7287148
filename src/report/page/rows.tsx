// The list of pairs: a listbox that holds only the rows that can be seen, however many there are.
/** @jsxImportSource preact */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { factor, percent } from '../format.ts'
import { oneLine } from '../text.ts'
import type { Choice } from './choose.ts'

/** As the style has it. */
const rowHeight = 76
const beyond = 8

interface RowsProps {
  readonly choices: readonly Choice[]
  /** Place in the list; -1 where the open pair is not in it. */
  readonly selected: number
  readonly onSelect: (at: number) => void
  readonly onOpen: () => void
}

export function Rows({ choices, selected, onSelect, onOpen }: RowsProps) {
  const box = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 800 })
  useLayoutEffect(() => {
    const { current } = box
    if (!current) return undefined
    const observer = new ResizeObserver(() => setView({ top: current.scrollTop, height: current.clientHeight }))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (box.current && selected >= 0) bring(box.current, selected)
  }, [selected, choices])

  const from = Math.max(0, Math.floor(view.top / rowHeight) - beyond)
  const to = Math.min(choices.length, Math.ceil((view.top + view.height) / rowHeight) + beyond)
  const places = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
  // What is named as active must be there, even where it was scrolled away.
  const shown = selected < 0 || places.includes(selected) ? places : [...places, selected]
  return (
    <div
      class="rows"
      role="listbox"
      aria-label="Pairs"
      aria-activedescendant={selected >= 0 ? idOf(choices[selected]) : undefined}
      tabIndex={0}
      ref={box}
      onScroll={({ currentTarget: { scrollTop, clientHeight } }) => setView({ top: scrollTop, height: clientHeight })}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onOpen()
      }}
    >
      <div role="presentation" style={{ height: `${choices.length * rowHeight}px` }}>
        {shown.map((at) => {
          const choice = choices[at]
          return (
            choice && (
              <div
                key={choice.place}
                id={idOf(choice)}
                class="row"
                role="option"
                aria-selected={at === selected}
                aria-setsize={choices.length}
                aria-posinset={at + 1}
                style={{ top: `${at * rowHeight}px` }}
                onClick={() => onSelect(at)}
              >
                <b>{titleOf(choice)}</b>
                <span>{choice.opening}</span>
                <small>{detailOf(choice)}</small>
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

function idOf(choice: Choice | undefined): string | undefined {
  return choice && `row-${choice.place}`
}

/** Scrolls the list, and not the page, so far that the row is to be seen. */
function bring(box: HTMLElement, at: number): void {
  const top = at * rowHeight
  if (top < box.scrollTop) box.scrollTop = top
  else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight
}

const marks = { regressed: '✗', improved: '✓', changed: '≈', same: '=' } as const

function titleOf({ listed: { row, reasons } }: Choice): string {
  return `${marks[row.standing]} ${reasons.map(oneLine).join(' · ') || (row.standing === 'same' ? 'the same answer' : row.standing)}`
}

function detailOf({ listed: { row } }: Choice): string {
  const { production, candidate } = row.latencyMs
  const ratio = production !== null && candidate !== null && production > 0 ? candidate / production : null
  return [
    ...Object.values(row.segments).map(oneLine),
    ...(row.similarity === null ? [] : [`${percent(row.similarity)} similar`]),
    ...(ratio === null || !Number.isFinite(ratio) ? [] : [`${factor(ratio)} the latency`]),
  ].join(' · ')
}
