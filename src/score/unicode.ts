// Unicode normalisation at a bounded cost.

const beyondAscii = /[^\0-\x7f]/
/** Putting a run of combining marks in order takes the square of its length; no language stacks so many. */
const longRun = /\p{M}{32}/u
/** A text of more characters than this stays in the form that it came in. */
const mostLength = 100_000

/** A text in NFC, or another form; as it came where that would take too long. */
export function normalForm(text: string, form: 'NFC' | 'NFKC' = 'NFC'): string {
  if (!beyondAscii.test(text) || text.length > mostLength || longRun.test(text)) return text
  return text.normalize(form)
}
