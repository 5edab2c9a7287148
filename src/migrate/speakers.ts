// Who speaks an API: its maker, and the vendors that serve it.

import { providers } from '../providers/index.ts'
import { vendors } from '../providers/vendors.ts'

/** In words, for a record whose API is not the candidate's. */
export function speakersOf(api: string): string {
  const title = providers.find(({ name }) => name === api)?.title ?? api
  const served = vendors.filter(({ apis }) => apis.includes(api)).map(({ name }) => name)
  const also = served.length === 0 ? 'no vendor of the roster serves it' : `vendor: ${served.join(', ')}`
  return `an endpoint that speaks ${title} could be asked (api: ${api}; ${also})`
}
