// The demo's config as whoever ran the demo goes on with it: beside the store, with the paths of where it was run.

import { dirname, relative, resolve } from 'node:path'
import { parseDocument } from 'yaml'

export interface DemoPlaces {
  /** The config that comes with the package. */
  readonly original: string
  /** Where its like is written. */
  readonly path: string
  readonly store: string
  readonly reviews: string
  readonly reportFolder: string
  readonly candidateModel: string
}

/** The text of the config at `path`; comments stay. `text`: that of the original. */
export function demoConfig(text: string, places: DemoPlaces): string {
  const document = parseDocument(text)
  const fromHere = (path: string) => relative(dirname(places.path), path).replaceAll('\\', '/') || '.'
  const log = document.getIn(['logs', 0, 'path'])
  document.setIn(['store'], fromHere(places.store))
  document.setIn(['reviews'], fromHere(places.reviews))
  document.setIn(['report', 'dir'], fromHere(places.reportFolder))
  document.setIn(['logs', 0, 'path'], fromHere(resolve(dirname(places.original), String(log))))
  document.setIn(['targets', 'candidate', 'model'], places.candidateModel)
  return document.toString({ lineWidth: 0 })
}
