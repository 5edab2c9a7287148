// The provider APIs that there are, in the order in which a captured request is offered to them.

import { Fault } from '../core/fault.ts'
import { anthropicMessages } from './anthropic-messages.ts'
import { geminiGenerateContent } from './gemini-generate-content.ts'
import { ollama } from './ollama.ts'
import { openaiChat } from './openai-chat.ts'
import { openaiCompletions } from './openai-completions.ts'
import { openaiResponses } from './openai-responses.ts'
import type { Provider } from './provider.ts'
import { withVendor } from './vendor.ts'
import { vendorNamed } from './vendors.ts'

/** All provider APIs, in the order of detection. */
export const providers: readonly Provider[] = [
  openaiChat,
  openaiResponses,
  openaiCompletions,
  anthropicMessages,
  geminiGenerateContent,
  ollama,
]

/** The API of that name. Throws BAD_CONFIG, naming those that there are. */
export function providerNamed(name: string, roster: readonly Provider[] = providers): Provider {
  const provider = roster.find((each) => each.name === name)
  if (provider !== undefined) return provider
  const known = roster.map((each) => each.name).join(', ')
  throw new Fault('BAD_CONFIG', `no provider API called "${name}"; there is ${known}`)
}

/** The API of that name as that vendor serves it; null where it is served as its maker does. Throws BAD_CONFIG. */
export function providerServedBy(name: string, vendor: string | null): Provider {
  const provider = providerNamed(name)
  return vendor === null ? provider : withVendor(provider, vendorNamed(vendor))
}
