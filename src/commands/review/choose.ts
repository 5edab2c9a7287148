// What a decision is about: by ids, of clusters or pairs, or their first characters; or by a filter.

import { Fault } from '../../core/fault.ts'
import { nearest } from '../../core/nearest.ts'
import type { PairRow } from '../../core/pair.ts'
import { matches, needsText } from '../../filter/match.ts'
import { parseFilter } from '../../filter/parse.ts'
import { reviewState } from '../../review/find.ts'
import type { Store } from '../../store/store.ts'
import { pairDetails } from '../pairs/pair-details.ts'
import type { Reviewing } from './reviewing.ts'
import type { Decided } from './reviews-file.ts'
import { clusterWords, pairWords } from './subject-words.ts'

export type Subject = Pick<Decided, 'about' | 'words'>

/** Fewer characters of an id are too easily another's. */
const leastPrefix = 4

/** `given`: ids with commas between them, or true where the flag had none. Faults: USAGE. */
export async function choose(
  given: string | boolean | undefined,
  where: string | null,
  about: Reviewing,
  store: Store,
  flag: string,
): Promise<readonly Subject[]> {
  const ids = typeof given === 'string' ? given.split(',').filter((id) => id !== '') : []
  if (ids.length > 0 && where !== null) {
    throw new Fault('USAGE', 'ids and a filter cannot both say what is meant', { place: `${flag} --where` })
  }
  if (where !== null) {
    const rows = await meeting(where, about, store)
    if (rows.length > 0) return rows.map(pairSubject)
    throw new Fault('USAGE', 'no changed pair meets the filter', { place: '--where' })
  }
  const hint = 'shadowgate review --list shows the ids of clusters; --where takes pairs by a filter'
  if (ids.length === 0) throw new Fault('USAGE', 'it is not said about what', { place: flag, hint })
  const all = subjectsOf(about)
  return [...new Map(ids.map((id) => [id, named(id, all, { flag, hint, about })])).values()]
}

/** The changed pairs that a filter asks for. Fault: USAGE where it can't be read. */
export async function meeting(where: string, about: Reviewing, store: Store): Promise<readonly PairRow[]> {
  const parsed = parseFilter(where, about.segments)
  if (parsed.kind === 'mistake') {
    throw new Fault('USAGE', parsed.because, { place: `--where, character ${parsed.at + 1}` })
  }
  const { terms } = parsed
  const meets = (row: PairRow, text: string | null) =>
    matches(terms, { row, review: reviewState(about.reviewOf(row)), text })
  const rows = about.changed.filter((row) => meets(row, null))
  if (!needsText(terms)) return rows
  const details = await pairDetails(store, about.stored, rows)
  return rows.filter((row) => {
    const detail = details.get(row.ordinal)
    const texts = detail ? [detail.prompt, detail.production.text, detail.candidate.text] : []
    return meets(row, texts.join('\n').toLowerCase())
  })
}

function pairSubject(row: PairRow): Subject {
  return { about: { kind: 'pair', recordId: row.recordId, change: row.kind ?? '' }, words: pairWords(row) }
}

function subjectsOf({ clusters, changed }: Reviewing): ReadonlyMap<string, Subject> {
  return new Map([
    ...changed.map((row): [string, Subject] => [row.recordId, pairSubject(row)]),
    ...clusters.map((cluster): [string, Subject] => [
      cluster.id,
      { about: { kind: 'cluster', id: cluster.id }, words: clusterWords(cluster) },
    ]),
  ])
}

interface Naming {
  readonly flag: string
  readonly hint: string
  readonly about: Reviewing
}

function named(id: string, all: ReadonlyMap<string, Subject>, { flag, hint, about }: Naming): Subject {
  const exact = all.get(id)
  if (exact !== undefined) return exact
  const place = `${flag} ${id}`
  if (id.length < leastPrefix) {
    throw new Fault('USAGE', `it takes at least ${leastPrefix} characters of an id`, { place, hint })
  }
  const found = [...all].filter(([known]) => known.startsWith(id))
  const [first] = found
  if (first !== undefined && found.length === 1) return first[1]
  if (found.length > 1) {
    const names = found.slice(0, 3).map(([known]) => known)
    throw new Fault('USAGE', `${found.length} ids begin so: ${names.join(', ')}`, { place, hint: 'write more of it' })
  }
  const meant = nearest(
    id,
    [...all.keys()].map((known) => known.slice(0, id.length)),
  )
  const full = meant === null ? undefined : [...all.keys()].find((known) => known.startsWith(meant))
  const nearby = full === undefined ? '' : `; did you mean ${full}?`
  const message = `run ${about.stored.run.id} has no cluster and no changed pair of that id${nearby}`
  throw new Fault('USAGE', message, { place, hint })
}
