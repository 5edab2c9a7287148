// The explorer's view as the page's address holds it.

import { useEffect, useState } from 'preact/hooks'
import { firstView, hashOf, type View, viewOf } from './address.ts'

interface Viewed {
  readonly view: View
  /** A step is something that "back" undoes. */
  readonly show: (view: View, how: 'push' | 'replace') => void
  /** Counts the views that came from the address and not from the explorer; 0: none yet. */
  readonly arrival: number
}

export function useView(ids: readonly string[]): Viewed {
  const [{ view, arrival }, set] = useState(() => {
    const found = viewOf(location.hash, ids)
    return { view: found ?? firstView, arrival: found === null ? 0 : 1 }
  })
  useEffect(() => {
    const arrive = () => {
      const found = viewOf(location.hash, ids)
      // Without a hash the explorer is as it was at first; a hash of another section is none of its business.
      if (found === null && location.hash !== '') return
      set((before) => ({ view: found ?? firstView, arrival: before.arrival + 1 }))
    }
    addEventListener('popstate', arrive)
    return () => removeEventListener('popstate', arrive)
  }, [ids])
  const show: Viewed['show'] = (next, how) => {
    const hash = hashOf(next)
    if (how === 'push') history.pushState(null, '', hash)
    else history.replaceState(null, '', hash)
    set((before) => ({ view: next, arrival: before.arrival }))
  }
  return { view, show, arrival }
}
