// Reads the page's texts for a search, a part at a time while the browser has nothing better to do.

import { useEffect, useState } from 'preact/hooks'
import type { Texts } from './packed.ts'

interface Search {
  /** Parts that were read. */
  readonly read: number
  readonly isReading: boolean
}

export function useSearch(texts: Texts, isWanted: boolean): Search {
  const [read, setRead] = useState(0)
  const isReading = isWanted && read < texts.chunks
  useEffect(() => {
    if (!isReading) return undefined
    let isCurrent = true
    whenIdle(() => {
      if (!isCurrent) return
      void texts.search(read).then(() => setRead((before) => Math.max(before, read + 1)))
    })
    return () => {
      isCurrent = false
    }
  }, [isReading, read, texts])
  return { read, isReading }
}

/** Not every browser tells when it is idle; each tells when it has drawn. */
function whenIdle(act: () => void): void {
  if ('requestIdleCallback' in globalThis) requestIdleCallback(act)
  else requestAnimationFrame(act)
}
