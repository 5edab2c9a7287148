// Text of models and logs made harmless to show: visible control characters, well-formed, cut where it is too long.

/** C0 and C1 controls but tab and line feed, noncharacters, and the marks that reorder the text around them. */
export const hidden =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g

/** Shows what cannot be seen: `⟨U+202E⟩` for each; lone surrogates become U+FFFD. */
export function printable(text: string): string {
  return text.toWellFormed().replaceAll('\r\n', '\n').replace(hidden, picture)
}

/** As `printable`, on one line. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim()
}

export interface Cut {
  readonly text: string
  /** Characters left out; 0 where the text is whole. */
  readonly left: number
}

/** At most `max` UTF-16 units, never ending inside a surrogate pair. */
export function cut(text: string, max: number): Cut {
  if (text.length <= max) return { text, left: 0 }
  const code = text.charCodeAt(max - 1)
  const end = code >= 0xd800 && code <= 0xdbff ? max - 1 : max
  return { text: text.slice(0, end), left: text.length - end }
}

/** As `cut`, with an ellipsis that says so. */
export function shorten(text: string, max: number): string {
  const part = cut(text, max)
  return part.left === 0 ? text : `${part.text.trimEnd()}…`
}

function picture(character: string): string {
  return `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`
}
