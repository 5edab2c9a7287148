// The bytes of JSON that is no JSON lines → its values, each as a line.
// An own scanner: parsers that stream give tokens, several times slower and without the bytes of an item.

import { createHold } from './hold.ts'
import { defaultMaxLineBytes, type Line, type LineSplitter } from './lines.ts'
import { createNest } from './nest.ts'

const [LF, SPACE, TAB, CR] = [0x0a, 0x20, 0x09, 0x0d]
const [QUOTE, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT] = [0x22, 0x2c, 0x5b, 0x5d, 0x7b]

/** An object that is a whole file may be longer than any line. */
const maxValueBytes = 256 * 1024 * 1024

/**
 * - between: outside any value
 * - nested: in an object, an array or a string
 * - bare: in a number, a word, or what is no JSON
 * - lost: behind a value that is broken, until a line begins as values here do
 */
type Mode = 'between' | 'nested' | 'bare' | 'lost'

/** A splitter for one file. An array around all items is opened; a value has the number of the line where it starts. */
export function createValueSplitter(maxBytes?: number): LineSplitter {
  const items = createHold(maxBytes ?? defaultMaxLineBytes)
  const values = createHold(maxBytes ?? maxValueBytes)
  const nest = createNest()
  let mode: Mode = 'between'
  let isInList = false
  let line = 1
  let startLine = 1
  /** Bytes before the current one in its line, and whether they are blank. */
  let column = 0
  let isLineBlank = true
  /** Where the first value that began a line began: a line that begins so begins another, whatever came before. */
  let valueColumn: number | null = null
  let isBomPossible = true

  const hold = () => (isInList ? items : values)
  const finish = (): Line => {
    mode = 'between'
    const { bytes, size, isOver } = hold().take()
    return isOver
      ? { kind: 'oversize', line: startLine, size, opening: bytes }
      : { kind: 'line', line: startLine, bytes }
  }
  const broken = (reason: string): Line => {
    mode = 'lost'
    const { bytes } = hold().take()
    return { kind: 'broken', line: startLine, reason, opening: bytes.subarray(0, 2048) }
  }
  const begin = (byte: number) => {
    startLine = line
    if (isLineBlank) valueColumn ??= column
    mode = byte === QUOTE || byte === OPEN_OBJECT || byte === OPEN_LIST ? 'nested' : 'bare'
    nest.clear()
    if (mode === 'nested') nest.take(byte)
  }
  /** A byte outside values: whether a value begins with it. */
  const between = (byte: number): boolean => {
    if (isBlank(byte) || (isBomPossible && [0xef, 0xbb, 0xbf].includes(byte))) return false
    isBomPossible = false
    if (byte === COMMA && isInList) return false
    if (byte === OPEN_LIST && !isInList) isInList = true
    else if (byte === CLOSE_LIST && isInList) isInList = false
    else return true
    return false
  }

  /** A byte behind a broken value: whether another value begins with it. */
  const isFound = (byte: number): boolean => {
    if (mode !== 'lost' || !isLineBlank) return false
    if (column === valueColumn && (byte === OPEN_OBJECT || (byte === OPEN_LIST && isInList))) {
      begin(byte)
      return true
    }
    if (byte === CLOSE_LIST && column < (valueColumn ?? 0)) {
      mode = 'between'
      isInList = false
    }
    return false
  }

  const push = (bytes: Uint8Array): readonly Line[] => {
    const lines: Line[] = []
    let from = 0
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0
      if (mode === 'nested') {
        const step = nest.take(byte)
        if (step === 'closed') {
          hold().keep(bytes.subarray(from, at + 1))
          lines.push(finish())
        } else if (step !== 'open') {
          hold().keep(bytes.subarray(from, at))
          lines.push(broken(`not JSON: ${step}`))
        }
      } else if (mode === 'bare' && (byte === LF || (isInList && (byte === COMMA || byte === CLOSE_LIST)))) {
        hold().keep(bytes.subarray(from, at))
        lines.push(finish())
        between(byte)
      } else if (mode === 'between' && between(byte)) {
        begin(byte)
        from = at
      }
      if (isFound(byte)) from = at
      if (byte === LF) {
        line += 1
        column = 0
        isLineBlank = true
      } else {
        column += 1
        if (!isBlank(byte)) isLineBlank = false
      }
    }
    // A rest is copied: it would keep the whole chunk in memory until its value ends.
    if (mode === 'nested' || mode === 'bare') hold().keep(from === 0 ? bytes : new Uint8Array(bytes.subarray(from)))
    return lines
  }
  const end = (): readonly Line[] => {
    if (mode === 'bare' && !isInList) return [finish()]
    if (mode === 'nested' || mode === 'bare') return [broken('the file ends inside it')]
    if (!isInList || mode === 'lost') return []
    return [{ kind: 'broken', line, reason: 'the file ends before its array does', opening: new Uint8Array() }]
  }
  return { push, end, line: () => (mode === 'nested' ? startLine : line) }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === LF || byte === CR || byte === TAB
}
