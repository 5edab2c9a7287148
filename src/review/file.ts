// The file of reviews: text ↔ reviews. One entry is one line, so that a merge of two branches never cuts through one.

import { Document, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type YAMLSeq } from 'yaml'
import type { z } from 'zod'
import { Fault } from '../core/fault.ts'
import { nearest } from '../core/nearest.ts'
import type { Review } from '../core/review.ts'
import { withoutSecrets } from '../core/secrets.ts'
import { oneLine } from '../core/visible-text.ts'
import { type Entry, entryKeys, fileSchema } from './file-schema.ts'

/** What stands above the first entry of a new file. */
export const fileHead = `# yaml-language-server: $schema=./node_modules/shadowgate/src/review/reviews.schema.json
# What people decided about changes between two models; shadowgate review writes it, and shadowgate gate heeds it. One line each:
# with "shadowgate.reviews.yaml merge=union" in .gitattributes two branches merge by themselves. Of one subject the newest counts.
`

/** `shown`: the file's name in messages. Fault: BAD_REVIEWS, at `file:line:col`. */
export function readReviews(text: string, shown: string): readonly Review[] {
  return parsed(text, shown).entries.map(reviewOf)
}

/** A text of the file, and what it holds. */
export interface Written {
  readonly text: string
  readonly reviews: readonly Review[]
}

/** The text with reviews at its end; what was there stands as it stood. Fault: BAD_REVIEWS. */
export function withReviews(text: string, reviews: readonly Review[], shown: string): Written {
  const { list } = parsed(text, shown)
  requireLines(list, shown)
  // A checkout on Windows ends its lines otherwise, and git warns of a file that has both ends.
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const start = text.trim() === '' ? fileHead : text.replace(/(?<!\n)$/, end)
  // An empty list in brackets gives way to lines.
  const before = list?.flow ? start.slice(0, list.range?.[0]) + start.slice(list.range?.[1]).trimStart() : start
  const added = before + reviews.map((each) => `${indentOf(text, list)}${lineOf(each)}${end}`).join('')
  return { text: added, reviews: readReviews(added, shown) }
}

/** The text without the last reviews that are `isWanted`, and these; all of them were decided in one go. Fault: BAD_REVIEWS. */
export function withoutLast(
  text: string,
  isWanted: (review: Review) => boolean,
  shown: string,
): Written & { readonly undone: readonly Review[] } {
  const { entries, list } = parsed(text, shown)
  requireLines(list, shown)
  const own = entries.map(reviewOf)
  const last = own.findLast(isWanted)
  const isUndone = (review: Review) => isWanted(review) && review.at === last?.at
  let left = text
  // From the end on, so that what stands before keeps its place.
  for (const [index, item] of [...(list?.items.entries() ?? [])].toReversed()) {
    const review = own[index]
    if (!review || !isUndone(review) || !isMap(item) || !item.range) continue
    const start = left.lastIndexOf('\n', item.range[0]) + 1
    const end = left.indexOf('\n', item.range[1] - 1)
    left = left.slice(0, start) + (end === -1 ? '' : left.slice(end + 1))
  }
  return { text: left, reviews: readReviews(left, shown), undone: own.filter(isUndone) }
}

/** In brackets one line may hold the entries of several people: it is neither added to nor taken from. */
function requireLines(list: YAMLSeq | null, shown: string): void {
  if (!list?.flow || list.items.length === 0) return
  throw new Fault('BAD_REVIEWS', 'the list stands in brackets, and its lines are no entries', {
    place: shown,
    hint: 'write each entry on a line of its own, behind "- "',
  })
}

function lineOf(review: Review): string {
  const document = new Document([])
  document.contents = document.createNode([entryOf(review)])
  for (const item of document.contents.items) if (isMap(item)) item.flow = true
  return document.toString({ lineWidth: 0 }).trimEnd()
}

/** As far in as the entries that are there. */
function indentOf(text: string, list: YAMLSeq | null): string {
  const [first] = list?.items ?? []
  if (list?.flow || !isMap(first) || !first.range) return ''
  const start = text.lastIndexOf('\n', first.range[0]) + 1
  return /^ */.exec(text.slice(start))?.[0] ?? ''
}

function entryOf({ about, words, decision, reason, reviewer, at, expires, swap }: Review): Entry {
  return {
    decision,
    words,
    ...(reason !== null && { reason }),
    reviewer,
    at,
    ...(expires !== null && { expires }),
    ...(about.kind === 'cluster' ? { cluster: about.id } : { pair: about.recordId, change: about.change }),
    production: swap.production,
    candidate: swap.candidate,
  }
}

function reviewOf(entry: Entry): Review {
  const { words, decision, reason = null, reviewer, at, expires = null, production, candidate } = entry
  const about: Review['about'] =
    entry.cluster === undefined
      ? { kind: 'pair', recordId: entry.pair ?? '', change: entry.change ?? '' }
      : { kind: 'cluster', id: entry.cluster }
  // People write into the file by hand, and a verdict shows what they wrote, in a terminal too.
  const told = { reason: reason === null ? null : oneLine(withoutSecrets(reason).text), words: oneLine(words) }
  return { about, swap: { production, candidate }, decision, reviewer: oneLine(reviewer), at, expires, ...told }
}

interface Parsed {
  readonly entries: readonly Entry[]
  /** null where the file says nothing. */
  readonly list: YAMLSeq | null
}

function parsed(text: string, shown: string): Parsed {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${shown}:${line}:${col}`
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [error] = document.errors
  if (error) throw new Fault('BAD_REVIEWS', mergeWords(text) ?? error.message, { place: place(error.pos[0]) })
  visit(document, {
    // An entry is one line and needs no other: whoever takes the other back would change this one.
    Alias: (_, { source, range }) => {
      const message = `*${source} stands for what another line says; each entry says all by itself`
      throw new Fault('BAD_REVIEWS', message, { place: place(range?.[0] ?? 0) })
    },
  })
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return { entries: [], list: null }
  if (!isSeq(document.contents)) throw new Fault('BAD_REVIEWS', 'reviews are a list', { place: shown })
  const checked = fileSchema.safeParse(document.toJS())
  if (checked.success) return { entries: checked.data, list: document.contents }
  const { issues } = checked.error
  // A mistyped key is also one that is missing, which says less.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]
  if (!issue) throw new Fault('BAD_REVIEWS', 'reviews are a list', { place: shown })
  throw new Fault('BAD_REVIEWS', wordsOf(issue), { place: place(offsetOf(document.contents, issue)) })
}

function mergeWords(text: string): string | null {
  return /^(?:<{7}|={7}|>{7})/m.test(text) ? 'a merge was not brought to its end' : null
}

function offsetOf(list: YAMLSeq, { path, ...issue }: z.core.$ZodIssue): number {
  const [index, key] = issue.code === 'unrecognized_keys' ? [path[0], issue.keys[0]] : path
  const item = typeof index === 'number' ? list.items[index] : undefined
  if (!isMap(item)) return list.range?.[0] ?? 0
  const pair = item.items.find((each) => isScalar(each.key) && each.key.value === key)
  const node = pair && isScalar(pair.key) ? pair.key : item
  return node.range?.[0] ?? 0
}

function wordsOf(issue: z.core.$ZodIssue): string {
  const field = issue.path.at(-1)
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const meant = nearest(key, entryKeys)
    return `a review has no "${key}"${meant ? `; did you mean "${meant}"?` : `; it has ${entryKeys.join(', ')}`}`
  }
  if (issue.code === 'invalid_type' && issue.message.includes('undefined')) return `a review needs "${String(field)}"`
  const words = issue.message.replace(/^Invalid (?:input|option): /, '')
  return typeof field === 'string' ? `${field}: ${words}` : words
}
