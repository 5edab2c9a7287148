// Which API a captured call was in: by the log's word, by the request, and by the answer where the request fits several.

import type { Provider } from '../../providers/provider.ts'
import type { CapturedExchange } from '../log-format.ts'
import { replyIn } from './reply-in.ts'

type Asked = Pick<CapturedExchange, 'api' | 'body' | 'response'>

/**
 * The log's word first. A body of plain texts is taken for an OpenAI chat, and may be Anthropic's or Ollama's as well: an
 * answer that is none of OpenAI's and one of theirs tells. null where nothing is certain.
 */
export function providerOf({ api, body, response }: Asked, roster: readonly Provider[]): Provider | null {
  if (api !== null || body === null) return roster.find((provider) => provider.name === api) ?? null
  const accepting = roster.find((provider) => provider.accepts(body)) ?? null
  const others = roster.filter((provider) => provider !== accepting && provider.allows(body))
  if (accepting !== null && (accepting.name !== 'openai-chat' || others.length === 0)) return accepting
  if (accepting !== null && canRead(accepting, response)) return accepting
  // An answer that several of them could have given says nothing.
  const [only, ...more] = others.filter((provider) => canRead(provider, response))
  if (only !== undefined && more.length === 0) return only
  // Where only the answer is of an API, the call is counted by it, and its request is not replayed.
  return accepting ?? roster.find((provider) => canRead(provider, response)) ?? null
}

function canRead(provider: Provider, response: Asked['response']): boolean {
  return response !== null && replyIn(response, provider) !== null
}
