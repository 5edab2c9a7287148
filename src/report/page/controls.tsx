// What the explorer is asked by: chips, the filter's own words, clusters and the order.
/** @jsxImportSource preact */

import type { Ref } from 'preact'
import { useMemo } from 'preact/hooks'
import { stateWords } from '../../filter/words.ts'
import type { Listed } from '../data/columns.ts'
import type { PageIndex } from '../data/index-chunk.ts'
import { count } from '../format.ts'
import { oneLine, shorten } from '../text.ts'
import type { View } from './address.ts'
import { isOrder, orders } from './choose.ts'
import { clusterOf, hasWord, toggleWord, withCluster } from './query.ts'

const chips = [
  ['regressed', 'Regressed'],
  ['improved', 'Improved'],
  ['changed', 'Changed'],
  ['same', 'Same'],
  ['refused', 'Refused'],
  ['error', 'Errors'],
  ['unreviewed', 'Unreviewed'],
] as const

interface ControlsProps {
  readonly index: PageIndex
  readonly all: readonly Listed[]
  readonly view: View
  readonly mistake: string | null
  readonly searchBox: Ref<HTMLInputElement>
  /** `isTyped`: one of many letters, and no step of its own in the browser's history. */
  readonly onFilter: (filter: string, isTyped?: boolean) => void
  readonly onOrder: (order: View['order']) => void
  readonly onHelp: () => void
}

export function Controls({ index, all, view, mistake, searchBox, onFilter, onOrder, onHelp }: ControlsProps) {
  const { filter } = view
  const counts = useMemo(() => countsOf(all), [all])
  const cluster = clusterOf(filter)
  return (
    <search aria-label="Pairs">
      <div class="chips">
        {chips.map(([word, label]) => (
          <button type="button" aria-pressed={hasWord(filter, word)} onClick={() => onFilter(toggleWord(filter, word))}>
            {label} {count(counts.get(word) ?? 0)}
          </button>
        ))}
      </div>
      <div class="asking">
        <label class="search">
          Filter
          <input
            type="search"
            ref={searchBox}
            value={filter}
            placeholder="regressed similarity<0.5 &quot;some text&quot;"
            spellcheck={false}
            autocomplete="off"
            aria-invalid={mistake !== null}
            aria-describedby={mistake === null ? undefined : 'filter-mistake'}
            onInput={({ currentTarget }) => onFilter(currentTarget.value, true)}
          />
        </label>
        {index.clusters.length > 0 && (
          <label>
            Cluster
            <select
              value={cluster}
              onChange={({ currentTarget: { value } }) => onFilter(withCluster(filter, value === '' ? null : value))}
            >
              <option value="">all</option>
              {/* Without an option of its own the list would show nothing, and go on with that once it is cleared. */}
              {cluster !== '' && !index.clusters.some(({ id }) => id === cluster) && (
                <option value={cluster}>{shorten(oneLine(cluster), 80)} (0)</option>
              )}
              {index.clusters.map(({ id, name }) => (
                <option value={id}>
                  {shorten(oneLine(name), 80)} ({count(counts.get(`cluster=${id}`) ?? 0)})
                </option>
              ))}
            </select>
          </label>
        )}
        <label>
          Order
          <select
            value={view.order}
            onChange={({ currentTarget: { value } }) => {
              if (isOrder(value)) onOrder(value)
            }}
          >
            {Object.entries(orders).map(([order, words]) => (
              <option value={order}>{words}</option>
            ))}
          </select>
        </label>
        <button type="button" onClick={onHelp}>
          Help
        </button>
      </div>
      {mistake !== null && (
        <p class="mistake" id="filter-mistake" role="alert">
          {mistake}
        </p>
      )}
    </search>
  )
}

/** Of each word and each cluster, as the filter would have it. */
function countsOf(all: readonly Listed[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  const add = (word: string) => counts.set(word, (counts.get(word) ?? 0) + 1)
  for (const { row, review } of all) {
    for (const { word, is } of stateWords) if (is(row, review)) add(word)
    if (row.cluster !== null) add(`cluster=${row.cluster}`)
  }
  return counts
}
