// A captured answer as one API reads it: whole, as the list of a stream's chunks, or as the text of a stream.

import type { Json, Reply } from '../../core/types.ts'
import { createFrameReader } from '../../providers/framing.ts'
import type { Provider } from '../../providers/provider.ts'
import { isTooDeep } from '../redact.ts'

/** null where the answer is not in this API's shape, or nests too deeply to be walked. */
export function replyIn(response: Json, provider: Provider): Reply | null {
  if (isTooDeep(response)) return null
  if (typeof response !== 'string') return provider.reply(response)
  const frames = createFrameReader(provider.framing)
  const reader = provider.stream()
  for (const event of [...frames.push(Buffer.from(response)), ...frames.end()]) reader.push(event)
  const end = reader.end()
  return 'reply' in end ? end.reply : null
}
