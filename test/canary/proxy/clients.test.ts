// Clients that others wrote, through the router to a server that others wrote: unchanged, streaming and tools included.

import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import { generateText, jsonSchema, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { Arm, Target } from '../../../src/core/types.ts'
import { startMock } from '../../support/aimock.ts'
import { startProxy } from '../../support/proxied.ts'

const said = 'Noon is when the sun stands highest.'
const question = 'When is noon?'
const weather = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } as const

/** The router before the mock, which is both arms; what goes to the candidate asks for another model. */
async function startRouted(arm: Arm, target: Partial<Target> = {}) {
  const { mock, url } = await startMock((rules) => {
    rules.onMessage(/weather/, { toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] })
    rules.onMessage(/noon/i, { content: said })
  })
  const server = { origin: new URL(url).origin, heard: [] }
  const { base, served } = await startProxy({
    production: server,
    candidate: server,
    arm,
    key: 'sk-own',
    target: { model: 'next', ...target, baseUrl: `${server.origin}${target.baseUrl ?? '/v1'}` },
  })
  const asked = () => mock.getRequests().map(({ path, body, headers }) => ({ path, body, headers }))
  return { base, served, asked }
}

describe.each<Arm>(['production', 'candidate'])('by way of %s', (arm) => {
  const model = arm === 'candidate' ? 'next' : 'now'

  it('openai: whole, streamed, tools', async () => {
    const { base, asked } = await startRouted(arm)
    const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'sk-client' })
    const messages = [{ role: 'user' as const, content: question }]
    const whole = await client.chat.completions.create({ model: 'now', messages })
    expect(whole.choices[0]?.message.content).toBe(said)
    let text = ''
    for await (const chunk of await client.chat.completions.create({ model: 'now', messages, stream: true })) {
      // A chunk that nobody asked for (usage) would have no choice.
      expect(chunk.choices).toHaveLength(1)
      text += chunk.choices[0]?.delta.content ?? ''
    }
    expect(text).toBe(said)
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: weather } }]
    const asks = [{ role: 'user' as const, content: 'weather in Oslo?' }]
    const called = await client.chat.completions.create({ model: 'now', messages: asks, tools })
    expect(called.choices[0]?.message.tool_calls?.[0]).toMatchObject({
      function: { name: 'weather', arguments: '{"city":"Oslo"}' },
    })
    expect(asked().map(({ body }) => body)).toEqual([1, 2, 3].map(() => expect.objectContaining({ model })))
  })

  it('openai: responses', async () => {
    const { base } = await startRouted(arm, { api: 'openai-responses' })
    const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: 'sk-client' })
    const whole = await client.responses.create({ model: 'now', input: question })
    expect(whole.output_text).toBe(said)
    const events: string[] = []
    for await (const event of await client.responses.create({ model: 'now', input: question, stream: true })) {
      events.push(event.type)
    }
    expect(events.at(-1)).toBe('response.completed')
  })

  it('@anthropic-ai/sdk: whole, streamed, tools', async () => {
    const { base, asked } = await startRouted(arm, { api: 'anthropic-messages' })
    const client = new Anthropic({ baseURL: base, apiKey: 'sk-client' })
    const messages = [{ role: 'user' as const, content: question }]
    const whole = await client.messages.create({ model: 'now', max_tokens: 100, messages })
    expect(whole.content[0]).toMatchObject({ type: 'text', text: said })
    const streamed = await client.messages.stream({ model: 'now', max_tokens: 100, messages }).finalText()
    expect(streamed).toBe(said)
    const called = await client.messages.create({
      model: 'now',
      max_tokens: 100,
      messages: [{ role: 'user', content: 'weather in Oslo?' }],
      tools: [{ name: 'weather', input_schema: { ...weather, required: [...weather.required] } }],
    })
    expect(called.content.find(({ type }) => type === 'tool_use')).toMatchObject({
      name: 'weather',
      input: { city: 'Oslo' },
    })
    expect(asked().every(({ headers }) => headers['anthropic-version'] !== undefined)).toBe(true)
  })

  it('@google/genai: whole and streamed', async () => {
    const { base } = await startRouted(arm, { api: 'gemini-generate-content', baseUrl: '/v1beta' })
    const client = new GoogleGenAI({ apiKey: 'k-client', apiVersion: 'v1beta', httpOptions: { baseUrl: base } })
    const whole = await client.models.generateContent({ model: 'now', contents: question })
    expect(whole.text).toBe(said)
    let text = ''
    for await (const chunk of await client.models.generateContentStream({ model: 'now', contents: question })) {
      text += chunk.text ?? ''
    }
    expect(text).toBe(said)
  })

  it('ai: text, stream and tools', async () => {
    const { base } = await startRouted(arm)
    const provider = createOpenAICompatible({ name: 'routed', baseURL: `${base}/v1`, apiKey: 'sk-client' })
    const now = provider('now')
    expect((await generateText({ model: now, prompt: question })).text).toBe(said)
    let text = ''
    for await (const part of streamText({ model: now, prompt: question }).textStream) text += part
    expect(text).toBe(said)
    const called = await generateText({
      model: now,
      prompt: 'weather in Oslo?',
      tools: { weather: tool({ description: 'says it', inputSchema: jsonSchema(weather) }) },
    })
    expect(called.toolCalls[0]).toMatchObject({ toolName: 'weather', input: { city: 'Oslo' } })
  })
})
