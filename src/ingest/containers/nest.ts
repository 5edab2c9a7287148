// Whether the brackets and quotes of a JSON value are closed yet, byte for byte.

const [LF, QUOTE, COLON, COMMA, BACKSLASH] = [0x0a, 0x22, 0x3a, 0x2c, 0x5c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** `open` goes on, `closed` ends the value with this byte; anything else says why this byte cannot stand here. */
export type NestStep = 'open' | 'closed' | 'a string that runs over its line' | 'brackets that do not match' | Misplaced
type Misplaced = 'a value where none can stand'

/** Finds as much of what is wrong as is needed to see where a broken value ends; the rest is the parser's to find. */
export function createNest() {
  const open: number[] = []
  let isInString = false
  let isEscaped = false
  /** The last byte that was not blank. */
  let last = 0

  const take = (byte: number): NestStep => {
    if (isInString) {
      if (isEscaped) isEscaped = false
      else if (byte === BACKSLASH) isEscaped = true
      else if (byte === QUOTE) {
        isInString = false
        last = byte
        if (open.length === 0) return 'closed'
      }
      return byte === LF ? 'a string that runs over its line' : 'open'
    }
    if (byte <= 0x20) return 'open'
    const before = last
    last = byte
    if (byte === QUOTE) isInString = true
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      const around = open.at(-1)
      const isPlace = around === OPEN_OBJECT ? before === COLON : before === OPEN_LIST || before === COMMA
      if (around !== undefined && !isPlace) return 'a value where none can stand'
      open.push(byte)
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      // In ASCII either closing bracket is two after its opening one.
      if (open.pop() !== byte - 2) return 'brackets that do not match'
      if (open.length === 0) return 'closed'
    }
    return 'open'
  }
  return {
    take,
    clear: (): void => {
      open.length = 0
      isInString = false
      isEscaped = false
      last = 0
    },
    isInString: () => isInString,
  }
}
