// The attributes of the GenAI conventions that all their ages, and those who build on them, have in common.

import type { JsonObject, Usage } from '../../core/types.ts'
import { fieldOf } from '../../providers/shape.ts'
import { tracedUsage } from '../parts/counted.ts'
import { below, numberAt, wordAt } from './attributes.ts'
import { type Told, told } from './dialect.ts'

const usage = 'gen_ai.usage.'

function genAiUsage(attributes: JsonObject): Usage | null {
  const at = (...names: readonly string[]) => numberAt(attributes, ...names.map((name) => `${usage}${name}`))
  return tracedUsage({
    input: at('input_tokens', 'prompt_tokens'),
    output: at('output_tokens', 'completion_tokens'),
    cachedInput: at('cache_read.input_tokens', 'cache_read_input_tokens'),
    cacheWrite: at('cache_creation.input_tokens', 'cache_write.input_tokens', 'cache_creation_input_tokens'),
    reasoning: at('reasoning.output_tokens'),
  })
}

/** Everything but what was said: settings, tokens, names. */
export function genAiFacts(attributes: JsonObject): Told {
  const seconds = numberAt(attributes, 'gen_ai.response.time_to_first_chunk')
  const agent = wordAt(attributes, 'gen_ai.agent.name')
  return told({
    settings: below(attributes, 'gen_ai.request.'),
    model: wordAt(attributes, 'gen_ai.request.model'),
    usage: genAiUsage(attributes),
    firstTokenMs: seconds === null ? null : seconds * 1000,
    isStream: fieldOf(attributes, 'gen_ai.request.stream') === true || fieldOf(attributes, 'llm.is_streaming') === true,
    user: wordAt(attributes, 'user.id', 'enduser.id'),
    conversation: wordAt(attributes, 'gen_ai.conversation.id', 'session.id'),
    segments: agent === null ? {} : { agent },
    responseId: wordAt(attributes, 'gen_ai.response.id'),
  })
}
