// An answer of `speak`, read as the router reads a model's.

import type { Spoken } from '../../src/canary/faults/spoken.ts'
import type { Outcome } from '../../src/core/types.ts'
import { AnswerFolder } from '../../src/providers/answer-folder.ts'
import type { Provider } from '../../src/providers/provider.ts'

export function readSpoken(provider: Provider, { contentType, frames }: Spoken): Outcome {
  return readAnswer(provider, contentType, Buffer.from(frames.join('')))
}

export function readAnswer(provider: Provider, contentType: string, body: Buffer): Outcome {
  const folder = new AnswerFolder(provider)
  folder.start(200, { 'content-type': contentType }, 0)
  folder.push(body, 0)
  return folder.end(0)
}
