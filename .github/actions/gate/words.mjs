// Splits a line of arguments at blanks, as a shell does, and expands nothing.
// @ts-check

/**
 * Quotes hold blanks; a back-slash is a letter like any other. Throws where a quote is not closed.
 * @param {string} line
 * @returns {string[]}
 */
export function words(line) {
  const found = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  const rest = line.replaceAll(/"[^"]*"|'[^']*'/g, '')
  if (/["']/.test(rest)) throw new Error(`args: a quote is not closed in ${line}`)
  return found.map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
}
