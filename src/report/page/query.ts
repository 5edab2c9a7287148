// The filter's text as chips and selects change it: what they do is what a person could have typed.

import { standings as standingWords } from '../../core/pair.ts'

const standings: ReadonlySet<string> = new Set(standingWords)

/** A word that the filter's text has as a term of its own. */
export function hasWord(filter: string, word: string): boolean {
  return wordsOf(filter).includes(word)
}

/** Puts a word in, or takes it out. A pair stands in one way only, so that one standing replaces another. */
export function toggleWord(filter: string, word: string): string {
  const words = wordsOf(filter)
  if (words.includes(word)) return words.filter((each) => each !== word).join(' ')
  const isStanding = standings.has(word)
  return [...words.filter((each) => !(isStanding && standings.has(each))), word].join(' ')
}

/** Asks for one cluster, or for none. */
export function withCluster(filter: string, id: string | null): string {
  const words = wordsOf(filter).filter((word) => !word.startsWith('cluster='))
  return [...words, ...(id === null ? [] : [`cluster=${id}`])].join(' ')
}

export function clusterOf(filter: string): string {
  return (
    wordsOf(filter)
      .find((word) => word.startsWith('cluster='))
      ?.slice('cluster='.length) ?? ''
  )
}

/** Terms as they are written, quotes and all. */
function wordsOf(filter: string): readonly string[] {
  return filter.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/g) ?? []
}
