// The soak's report for people: each night in a line, then what held and what did not.

import type { Account, Month } from './month.ts'

const columns: readonly {
  readonly title: string
  readonly width: number
  readonly of: (account: Account) => string
}[] = [
  { title: 'night', width: 5, of: ({ night }) => String(night) },
  { title: 'clock', width: 16, of: ({ at }) => at.slice(0, 16).replace('T', ' ') },
  { title: 'fault', width: 18, of: ({ fault }) => fault },
  { title: 'came to', width: 18, of: ({ came, decision }) => (came === 'judged' ? (decision ?? came) : came) },
  { title: 'exit', width: 4, of: ({ status }) => (status === null ? '–' : String(status)) },
  { title: 'seconds', width: 7, of: ({ seconds }) => seconds.toFixed(1) },
  { title: 'requests', width: 8, of: ({ requests }) => String(requests) },
  { title: 'pairs', width: 5, of: ({ pairs }) => (pairs === null ? '–' : String(pairs)) },
  { title: 'store MB', width: 8, of: ({ storeMb }) => storeMb.toFixed(1) },
]

export const accountHead = columns
  .map(({ title, width }) => title.padEnd(width))
  .join('  ')
  .trimEnd()

export function accountLine(account: Account): string {
  const cells = columns.map(({ width, of }) => of(account).padEnd(width))
  return [...cells, account.note].join('  ').trimEnd()
}

export function reportText({ nights, invariants, disk, messages, seconds }: Month, seed: number): string {
  const total = (of: (account: Account) => number) => nights.reduce((sum, each) => sum + of(each), 0)
  const violations = invariants.flatMap(({ what, violations: found }) => found.map((each) => `  ${what}\n    ${each}`))
  const width = Math.max(...invariants.map(({ what }) => what.length))
  const counted = invariants.map(({ what, checked, violations: found }) => {
    const held = found.length === 0 ? 'held' : `${found.length} VIOLATED`
    return `  ${what.padEnd(width)}  ${String(checked).padStart(5)} checked  ${held}`
  })
  const last = nights.at(-1)?.night ?? 0
  return `${[
    accountHead,
    ...nights.map(accountLine),
    '',
    `${last} nights, ${nights.length} jobs, ${total(({ requests }) => requests)} requests, ${total(({ pairs }) => pairs ?? 0)} pairs judged, ${messages} messages, in ${Math.round(seconds)} s; seed ${seed}, full disks by ${disk}`,
    '',
    'invariants',
    ...counted,
    '',
    violations.length === 0 ? 'nothing lost' : `${violations.length} violations`,
    ...violations,
  ].join('\n')}\n`
}
