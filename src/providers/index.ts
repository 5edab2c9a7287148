// The provider APIs that there are, in the order in which a captured request is offered to them.

import { Fault } from '../core/fault.ts'
import { openaiChat } from './openai-chat.ts'
import type { Provider } from './provider.ts'

export const providers: readonly Provider[] = [openaiChat]

/** The API of that name. Throws BAD_CONFIG, naming those that there are. */
export function providerNamed(name: string, roster: readonly Provider[] = providers): Provider {
  const provider = roster.find((each) => each.name === name)
  if (provider !== undefined) return provider
  const known = roster.map((each) => each.name).join(', ')
  throw new Fault('BAD_CONFIG', `no provider API called "${name}"; there is ${known}`)
}
