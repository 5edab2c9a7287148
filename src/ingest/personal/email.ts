// E-mail addresses, also as they stand in links (`%40`) and in escaped JSON (`\u0040`).

import type { Detector, Span } from './detector.ts'
import { wordy } from './edges.ts'

const at = /@|%40|\\u0040/gi
const local = new RegExp(`[${wordy}._%+'&/=-]{1,64}$`, 'u')
const letter = String.raw`\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}`
const domain = new RegExp(
  `^(?:[${wordy}](?:[${wordy}-]{0,61}[${wordy}])?\\.){1,8}(?:xn--[a-z0-9-]{2,59}|[${letter}]{2,24})(?![${wordy}])`,
  'iu',
)
/** `left-pad@1.2.3`, `icon@2x.png`, `git@github.com:a/b`: names of files and versions, and of nobody. */
const version = /^(?:\d+\.\d|\dx\.)/
const file = /\.(?:[cm]?[jt]sx?|json|css|html?|png|jpe?g|gif|svg|webp|git)$/i
const edges = /^[.%+'&/=-]+/

export const email = {
  kind: 'email',
  plural: 'e-mail addresses',
  needs: /@|%40|\\[uU]0040/,
  find: (text) => {
    const spans: Span[] = []
    let from = 0
    for (const { 0: sign, index } of text.matchAll(at)) {
      const after = index + sign.length
      const host = domain.exec(text.slice(after, after + 255))?.[0]
      const name = host === undefined ? '' : nameBefore(text, index, from)
      if (host === undefined || name === '' || isNobody(name, host, text[after + host.length])) continue
      const start = index - name.length
      from = after + host.length
      spans.push({ start, end: from, value: `${name}@${host}`.toLowerCase() })
    }
    return spans
  },
} satisfies Detector

/** The part before the sign; not the letter of an escape before it, nor what was found already. */
function nameBefore(text: string, index: number, from: number): string {
  const found = local.exec(text.slice(Math.max(from, index - 64), index))?.[0] ?? ''
  const linked = /^.*(?:[&=/]|%(?:3[AaCcDdFf]|2[0CcFf]))/.exec(found)?.[0] ?? ''
  const rest = found.slice(linked.length)
  const before = text.slice(Math.max(0, index - rest.length - 2), index - rest.length)
  const isEscape = /(?:^|[^\\])\\$/.test(before) && linked === ''
  const name = isEscape ? rest.replace(/^(?:u[0-9a-f]{4}|[nrtbf])/i, '') : rest
  return name.replace(edges, '')
}

function isNobody(name: string, host: string, next: string | undefined): boolean {
  return version.test(host) || file.test(host) || (name === 'git' && (next === ':' || next === '/'))
}
