// Answers that no model gave, read by the same readers as those of models: in every API, whole and streamed.

import { describe, expect, it } from 'vitest'
import { type Said, speak } from '../../../src/canary/faults/spoken.ts'
import { providers } from '../../../src/providers/index.ts'
import { refused } from '../../../src/score/metrics/refused.ts'
import { readSpoken } from '../../support/spoken.ts'

const said: Said = {
  text: 'Noon is when the sun stands highest over the place.',
  isRefusal: false,
  model: 'm-1',
  usage: { input: 40, cached: 30, output: 10 },
}
const refusal = { ...said, text: "I'm sorry, but I can't assist with that request.", isRefusal: true }

describe.each(providers.map((provider) => ({ name: provider.name, provider })))('$name', ({ provider }) => {
  it.each([false, true])('says what it is told, and the bill; streamed: %s', (isStreamed) => {
    const outcome = readSpoken(provider, speak(provider.name, said, isStreamed))
    // Ollama reports no cache.
    const cachedInput = provider.name === 'ollama' ? null : 30
    expect(outcome).toMatchObject({
      kind: 'reply',
      reply: {
        text: said.text,
        toolCalls: [],
        stop: 'end',
        servedModel: 'm-1',
        usage: { input: 40, output: 10, cachedInput },
      },
    })
  })

  it.each([false, true])('refuses so that the metric sees it; streamed: %s', (isStreamed) => {
    const outcome = readSpoken(provider, speak(provider.name, refusal, isStreamed))
    const call = { outcome, latencyMs: 1, firstTokenMs: 1, tries: 1 }
    expect(refused.measure(call)).toEqual({ kind: 'value', value: 1 })
    if (outcome.kind !== 'reply') throw new Error('it was no reply')
    const hasWordForIt = !['openai-completions', 'ollama'].includes(provider.name)
    expect(['refused', 'filtered'].includes(outcome.reply.stop)).toBe(hasWordForIt)
  })
})

it('knows no other API', () => {
  expect(() => speak('telex', said, false)).toThrow('no answer can be written in the API "telex"')
})
