// Where something may begin and end in a text that may itself be JSON with its escapes.

/**
 * Letters of scripts that put spaces between words, and digits, for a class. Chinese and Japanese write an address right
 * behind a word.
 */
export const wordy = String.raw`\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{N}`

/** Before it: no letter and no digit, but the letter of an escape (`\n`), since tools' arguments are JSON in a string. */
export const opens = String.raw`(?:(?<![${wordy}])|(?<=\\[nrtbf])|(?<=\\u[0-9a-fA-F]{4}))`

const wordStart = new RegExp(`[${wordy}]`, 'uy')

/** Whether a word goes on at this place. */
export function isWordAt(text: string, place: number): boolean {
  wordStart.lastIndex = place
  return wordStart.test(text)
}

/** So long a run of base64's letters is a picture or a signature: what looks like a number in it is chance. */
const longRun = 120
const blob = /^[A-Za-z0-9+/=_-]*$/

/** Whether the piece stands inside encoded data. */
export function isInBlob(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - longRun), start)
  const after = text.slice(end, end + longRun)
  return (before.length === longRun && blob.test(before)) || (after.length === longRun && blob.test(after))
}
