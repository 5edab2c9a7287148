// The screen of a terminal as an SVG: each run of cells that look alike at its place, in the colours of a common dark theme.

import type { IBufferCell } from '@xterm/headless'

const [cellWidth, lineHeight, margin] = [8.4, 18, 12]
const [ink, paper] = ['#d4d7dd', '#15181e']
/** The sixteen colours that a terminal names; Ink asks for no others here. */
const palette =
  '#4a505c #f07178 #7fd08a #e6c15c #6cb2f5 #d291e4 #5ccfcf #d4d7dd #7a8292 #ff9aa0 #a5e5ae #f5d98a #9dccfa #e4b6f0 #8fe3e3 #ffffff'.split(
    ' ',
  )

export function screenSvg(lines: readonly (readonly IBufferCell[])[], title: string): string {
  const columns = Math.max(...lines.map(({ length }) => length))
  const [width, height] = [columns * cellWidth + 2 * margin, lines.length * lineHeight + 2 * margin]
  const drawn = lines.flatMap((cells, row) => runsOf(cells).flatMap((run) => runSvg(run, row)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${rounded(width)} ${rounded(height)}" role="img">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${paper}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    ...drawn,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

interface Run {
  readonly column: number
  readonly columns: number
  readonly text: string
  readonly look: Look
}

interface Look {
  readonly ink: string
  readonly paper: string
  readonly isBold: boolean
  readonly isDim: boolean
  readonly isUnderlined: boolean
}

function runsOf(cells: readonly IBufferCell[]): Run[] {
  const runs: Run[] = []
  for (const [column, cell] of cells.entries()) {
    // The second half of a wide character.
    if (cell.getWidth() === 0) continue
    const [text, look, last] = [cell.getChars() || ' ', lookOf(cell), runs.at(-1)]
    const isMore = last && isSame(last.look, look) && last.column + last.columns === column
    const more = { text: `${isMore ? last.text : ''}${text}`, columns: (isMore ? last.columns : 0) + cell.getWidth() }
    if (isMore) runs.pop()
    runs.push({ column: isMore ? last.column : column, look, ...more })
  }
  return runs
}

function lookOf(cell: IBufferCell): Look {
  const front = cell.isFgPalette() ? (palette[cell.getFgColor()] ?? ink) : ink
  const back = cell.isBgPalette() ? (palette[cell.getBgColor()] ?? paper) : paper
  const isInverse = cell.isInverse() !== 0
  return {
    ink: isInverse ? back : front,
    paper: isInverse ? front : back,
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
  }
}

function isSame(a: Look, b: Look): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** `textLength` keeps the columns where the font of whoever looks is wider or narrower. */
function runSvg({ column, columns, text, look }: Run, row: number): string[] {
  const [x, y, width] = [margin + column * cellWidth, margin + row * lineHeight, columns * cellWidth].map(rounded)
  const looks = [
    `fill="${look.ink}"`,
    ...(look.isBold ? ['font-weight="bold"'] : []),
    ...(look.isDim ? ['opacity="0.6"'] : []),
    ...(look.isUnderlined ? ['text-decoration="underline"'] : []),
  ].join(' ')
  const box = `<rect x="${x}" y="${y}" width="${width}" height="${lineHeight}" fill="${look.paper}"/>`
  const baseline = rounded(margin + row * lineHeight + 0.75 * lineHeight)
  const told = `<text x="${x}" y="${baseline}" textLength="${width}" lengthAdjust="spacingAndGlyphs" ${looks}>${escaped(text)}</text>`
  return [...(look.paper === paper ? [] : [box]), ...(text.trim() === '' ? [] : [told])]
}

function rounded(number: number): number {
  return Math.round(10 * number) / 10
}

/** Blanks that keep their width: not everybody who draws an SVG heeds a wish for that. */
function escaped(text: string): string {
  return text.replaceAll(' ', '\u00a0').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
