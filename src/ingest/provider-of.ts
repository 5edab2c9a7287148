// Which API a captured call was in: by the log's word, by the request, and by the answer where the request fits several.

import type { JsonObject } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import type { CapturedExchange } from './log-format.ts'
import { replyIn } from './reply-in.ts'

type Asked = Pick<CapturedExchange, 'api' | 'body' | 'response'>

/**
 * The log's word first. A body of plain texts is taken for an OpenAI chat, and may be Anthropic's or Ollama's as well: an
 * answer that is none of OpenAI's and one of theirs tells. null where nothing is certain.
 */
export function providerOf({ api, body, response }: Asked, roster: readonly Provider[]): Provider | null {
  if (api !== null || body === null) return roster.find((provider) => provider.name === api) ?? null
  const accepting = roster.find((provider) => provider.accepts(body)) ?? null
  if (accepting !== null && (accepting.name !== 'openai-chat' || canRead(accepting, response))) return accepting
  // Where only the answer is of an API, the call is counted by it, and its request is not replayed.
  return answering(body, response, roster) ?? accepting ?? roster.find((each) => canRead(each, response)) ?? null
}

/** The one API that the request can be in and the answer is in; an answer that any API could have given says nothing. */
function answering(body: JsonObject, response: Asked['response'], roster: readonly Provider[]): Provider | null {
  const [only, ...more] = roster.filter((provider) => provider.allows(body) && canRead(provider, response))
  return more.length === 0 ? (only ?? null) : null
}

function canRead(provider: Provider, response: Asked['response']): boolean {
  return response !== null && replyIn(response, provider) !== null
}
