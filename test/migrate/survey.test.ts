// Records by shape, and the patch that their shapes come to.

import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { patchOf } from '../../src/migrate/patch.ts'
import { speakersOf } from '../../src/migrate/speakers.ts'
import { type Asking, createSurvey, isAccepted, shapeWords } from '../../src/migrate/survey.ts'
import { providerServedBy } from '../../src/providers/index.ts'

const user = { role: 'user', content: 'Hello?' }
const chat = (fields: JsonObject = {}) => ({ model: 'gpt-4o', messages: [user], ...fields })

function asking(model: string, changes: Partial<Asking> = {}): Asking {
  const { api, vendor } = { api: 'openai-chat', vendor: null, ...changes }
  const provider = providerServedBy(api, vendor)
  return { api, vendor, provider, model, rename: {}, overrides: {}, isStreamed: provider.isStreaming, ...changes }
}

function survey(how: Asking, bodies: readonly JsonObject[], api = how.api) {
  const made = createSurvey(how)
  for (const [place, body] of bodies.entries()) made.add({ id: `r${place}`, api, body })
  return made.shapes()
}

it('bodies of one shape are one, whatever they say; a value that is read otherwise parts them', () => {
  const how = asking('gpt-5')
  const shapes = survey(how, [
    chat({ temperature: 1 }),
    chat({ temperature: 1, messages: [{ role: 'user', content: 'Something else.' }] }),
    chat({ temperature: 0 }),
    chat({ temperature: 1, stream: true }),
  ])
  expect(shapes.map(({ records, example }) => [records, example])).toEqual([
    [2, 'r0'],
    [1, 'r2'],
    [1, 'r3'],
  ])
  expect(shapes.map(isAccepted)).toEqual([true, false, true])
})

it('a shape says what decides how it is read', () => {
  const [shape] = survey(asking('gpt-4o'), [
    chat({
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'x' } }] },
        { role: 'assistant', content: '{' },
      ],
      tools: [{ type: 'function', function: { name: 'f', strict: true, parameters: {} } }],
      response_format: { type: 'json_object' },
      top_p: 1,
    }),
  ])
  expect(shape && shapeWords(shape.shape)).toBe(
    'openai-chat · response_format, tools, top_p · roles assistant, system, user · content image_url, text · tools as function.parameters strict · answers as json_object · prefilled',
  )
})

it('what is sent is asked about, not what was captured: the config’s own settings count', () => {
  const body = chat({ max_tokens: 5, temperature: 0 })
  const rename = { max_tokens: 'max_completion_tokens' }
  expect(survey(asking('gpt-5'), [body]).every(isAccepted)).toBe(false)
  expect(survey(asking('gpt-5', { rename, overrides: { temperature: null } }), [body]).every(isAccepted)).toBe(true)
  expect(survey(asking('x', { overrides: { model: 'gpt-5' } }), [body]).every(isAccepted)).toBe(false)
})

it('a vendor’s own names are the sent ones', () => {
  const how = asking('mistral-large-latest', { vendor: 'mistral' })
  expect(survey(how, [chat({ seed: 7, max_completion_tokens: 5 })])[0]?.fields).toEqual(
    expect.arrayContaining(['random_seed', 'max_tokens']),
  )
})

it('a record in another API is asked of nobody', () => {
  const [shape] = survey(asking('gpt-5'), [{ ...chat(), max_tokens: 5, system: 'Be brief.' }], 'anthropic-messages')
  expect(shape).toMatchObject({ isReplayable: false, hits: [] })
  expect(shape && isAccepted(shape)).toBe(false)
  expect(speakersOf('anthropic-messages')).toContain('portkey-gateway')
  expect(speakersOf('ollama')).toContain('no vendor of the roster')
})

it('the patch keeps values under another name, and takes away what is refused', () => {
  const how = asking('gpt-5')
  const patch = patchOf(
    survey(how, [chat({ max_tokens: 5, temperature: 0 }), chat({ max_tokens: 9 }), chat({ temperature: 1 })]),
    how,
  )
  expect(patch.rename).toMatchObject([{ field: 'max_tokens', to: 'max_completion_tokens', records: 2 }])
  // The default passes, and is no other request without its name.
  expect(patch.overrides).toMatchObject([{ field: 'temperature', value: null, records: 1 }])
  expect(patch.decisions).toEqual([])
})

it('what would change requests that are taken as they are is left to a person', () => {
  const how = asking('claude-opus-4-6', { api: 'anthropic-messages' })
  const both = { ...chat({ max_tokens: 5, temperature: 0 }), top_p: 0.5 }
  const alone = patchOf(survey(how, [both]), how)
  expect(alone.overrides).toMatchObject([{ field: 'top_p', value: null }])
  const beside = patchOf(survey(how, [both, { ...chat({ max_tokens: 5 }), top_p: 0.5 }]), how)
  expect(beside.overrides).toEqual([])
  expect(beside.decisions).toMatchObject([{ field: 'top_p', records: 1, example: 'r0' }])
  expect(beside.decisions[0]?.what).toContain('from 1 records that are taken with it')
})

it('an override takes its value along to the new name', () => {
  const how = asking('gpt-5', { overrides: { max_tokens: 7 } })
  expect(patchOf(survey(how, [chat()]), how)).toMatchObject({
    rename: [],
    overrides: [
      { field: 'max_tokens', value: null },
      { field: 'max_completion_tokens', value: 7 },
    ],
  })
})
