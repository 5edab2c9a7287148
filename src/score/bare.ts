// Whether an answer is nothing but what a program reads: code, or one value, without a fence and without a word around it.

/** A text that is longer is not looked at beyond this. */
const mostLength = 20_000

/** Code or a single value as it stands. JSON has metrics of its own. */
export function isBare(text: string): boolean {
  const own = text.slice(0, mostLength).trim()
  return isValue(own) || isCode(own)
}

/** One short line of at most three words and no Markdown: "[Yes]", "42", "positive", "New York". */
function isValue(text: string): boolean {
  return (
    text !== '' &&
    text.length <= 40 &&
    !/[\n`]|\*\*/.test(text) &&
    text.split(/\s+/).length <= 3 &&
    !/[?!:]$/.test(text)
  )
}

// Openings of a program in the languages that answers are mostly written in, and of a query or a page.
const opening =
  /^(?:(?:async\s+)?(?:def|function)\s+\w|class\s+\w|import\s+[\w{*"']|from\s+[\w.]+\s+import\b|(?:const|let|var)\s+[\w{[]|(?:export|public|private|static|final|abstract)\s+\w|package\s+\w|using\s+\w|namespace\s+\w|func\s+\w|fn\s+\w|struct\s+\w|impl\b|#include\b|#!|@\w+|<\?php|<!doctype|<html|<\w+[ >]|\/\/|\/\*|#\s?[\w]|SELECT\b|WITH\s+\w+\s+AS\b|CREATE\s|INSERT\s+INTO\b)/i
// How lines of code end or begin, and prose does not.
const codeLine =
  /[;{}()[\],:=\\]$|^\s{2,}\S|^(?:return|if|for|while|else|elif|import|from|def|class|end|fi|done|#|\/\/|<)\b|^[\w.[\]]+\s*(?:[-+*/]?=|\()/

/** Begins as a program does, holds no fence, and most of its lines are of code. */
function isCode(text: string): boolean {
  if (/^\s{0,20}(?:```|~~~)/m.test(text) || !opening.test(text)) return false
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const ofCode = lines.filter((line) => codeLine.test(line.slice(0, 500).trimEnd()))
  return ofCode.length >= 0.6 * lines.length
}
