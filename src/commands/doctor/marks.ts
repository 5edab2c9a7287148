// The mark before a line of the doctor's: a sign, and on a terminal its colour.

import { styleText } from 'node:util'
import type { World } from '../world.ts'
import type { Grade } from './check.ts'

const marks = {
  fine: { sign: '✓', colour: 'green' },
  doubtful: { sign: '!', colour: 'yellow' },
  wrong: { sign: '✗', colour: 'red' },
} as const satisfies Readonly<Record<Grade, { readonly sign: string; readonly colour: string }>>

export function styledMark(grade: Grade, { columns, env }: World): string {
  const { sign, colour } = marks[grade]
  const isColoured = columns !== null && !env['NO_COLOR'] && env['TERM'] !== 'dumb'
  return isColoured ? styleText(colour, sign, { validateStream: false }) : sign
}
