// Azure API Management's log of language models. The rows are made from the tables' published columns.

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/types.ts'
import { jsonl, readAll, temporaryFolder, writeLog } from './files.ts'

const folder = temporaryFolder()
const log = (name: string, ...lines: readonly JsonObject[]) => writeLog(folder, name, jsonl(...lines))

const row = (number: number, rest: JsonObject): JsonObject => ({
  TimeGenerated: '2026-09-01T10:00:00.5Z',
  TenantId: 'w',
  CorrelationId: 'c1',
  SequenceNumber: number,
  OperationName: 'ChatCompletions_Create',
  Region: 'Sweden Central',
  RequestId: '',
  Type: 'ApiManagementGatewayLlmLog',
  ...rest,
})
const bill = row(0, {
  ModelName: 'gpt-x-2026-01-01',
  DeploymentName: 'prod',
  PromptTokens: 12,
  CompletionTokens: 3,
  TotalTokens: 15,
  IsStreamCompletion: true,
  RequestId: 'chatcmpl-1',
})
const asked = row(1, { RequestMessages: '[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]' })
const answered = row(2, { ResponseMessages: '[{"role":"assistant","content":"Hello"}]' })
const gateway = (rest: JsonObject = {}): JsonObject => ({
  TimeGenerated: '2026-09-01T10:00:00Z',
  CorrelationId: 'c1',
  ApiId: 'azure-openai',
  ProductId: 'gold',
  ApimSubscriptionId: 'ann',
  ResponseCode: 200,
  BackendResponseCode: 200,
  BackendTime: 812,
  TotalTime: 900,
  Cache: 'none',
  IsRequestSuccess: true,
  Type: 'ApiManagementGatewayLogs',
  ...rest,
})

const whole = {
  api: 'openai-chat',
  body: {
    model: 'prod',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
    stream: true,
  },
  recorded: { text: 'Hello', stop: 'unknown', servedModel: 'gpt-x-2026-01-01' },
  recordedUsage: { input: 12, output: 3, cachedInput: null, reasoning: null },
  fidelity: 'full',
  callId: 'c1',
}

test('rows of a call come together over files, in whichever order', async () => {
  const orders = [
    [bill, asked, answered, gateway()],
    [gateway(), answered, asked, bill],
  ]
  for (const [at, lines] of orders.entries()) {
    const half = lines.map((line, place) => log(`${at}-${place}`, line))
    const { records, rejected, text } = await readAll(half)
    expect(rejected).toEqual([])
    expect(records).toMatchObject([
      { ...whole, recordedTiming: { totalMs: 812 }, segments: { api: 'azure-openai', product: 'gold' } },
    ])
    expect(text).not.toContain('"ann"')
  }
})

test('the gateway need not be there', async () => {
  const { records } = await readAll([log('alone', bill, asked, answered)])
  expect(records).toMatchObject([{ ...whole, recordedTiming: null, capturedAt: '2026-09-01T10:00:00.500Z' }])
})

test('columns may be JSON, numbers may be texts, and records may lie in lists', async () => {
  const record = (category: string, properties: JsonObject): JsonObject => ({
    time: '2026-09-01T10:00:00Z',
    category,
    correlationId: 'c1',
    operationName: 'Microsoft.ApiManagement/GatewayLogs',
    properties,
  })
  const { records, rejected } = await readAll([
    log('hub', {
      records: [
        record('GatewayLlmLogs', {
          sequenceNumber: '0',
          modelName: 'gpt-x-2026-01-01',
          deploymentName: 'prod',
          promptTokens: '12',
          completionTokens: '3',
          isStreamCompletion: true,
        }),
        record('GatewayLlmLogs', { sequenceNumber: '1', requestMessages: whole.body.messages }),
        record('GatewayLlmLogs', { sequenceNumber: '2', responseMessages: [{ role: 'assistant', content: 'Hello' }] }),
        record('GatewayLogs', { responseCode: 200, backendTime: 700, apiId: 'a' }),
      ],
    }),
  ])
  expect(rejected).toEqual([])
  expect(records).toMatchObject([{ ...whole, recordedTiming: { totalMs: 700 }, segments: { api: 'a' } }])
})

test('messages of more than 32 KB are cut into rows', async () => {
  const long = 'All work and no play. '.repeat(4000)
  const text = JSON.stringify([{ role: 'user', content: long }])
  const pieces = [0, 1, 2].map((at) => row(at + 1, { RequestMessages: text.slice(at * 32_768, (at + 1) * 32_768) }))
  const reply = JSON.stringify([{ role: 'assistant', content: 'No.' }])
  const rest = [row(4, { ResponseMessages: reply.slice(0, 9) }), row(5, { ResponseMessages: reply.slice(9) })]
  const { records } = await readAll([log('long', ...rest, bill, ...pieces.toReversed())])
  expect(records).toMatchObject([
    { body: { messages: [{ role: 'user', content: long }] }, recorded: { text: 'No.' }, fidelity: 'full' },
  ])

  const torn = await readAll([log('torn', bill, ...rest, ...pieces.filter((_, at) => at !== 1))])
  expect(torn.records).toMatchObject([
    {
      fidelity: 'metadata-only',
      fidelityReason: expect.stringMatching(/rows are missing/),
      recordedUsage: { input: 12 },
    },
  ])
})

describe('what went otherwise', () => {
  test('an error has its status and reason', async () => {
    const rest = {
      ResponseCode: 429,
      LastErrorReason: 'TokenLimitExceeded',
      LastErrorMessage: 'Token limit is exceeded.',
    }
    const { records } = await readAll([log('error', asked, gateway(rest))])
    expect(records).toMatchObject([
      {
        recorded: null,
        recordedTiming: null,
        recordedError: { status: 429, code: 'TokenLimitExceeded', message: 'Token limit is exceeded.' },
      },
    ])
  })

  test("an answer out of the gateway's cache is none of the model's", async () => {
    const { records } = await readAll([log('cache', bill, asked, answered, gateway({ Cache: 'hit' }))])
    expect(records).toMatchObject([{ fidelity: 'full', recorded: null, recordedTiming: null, recordedUsage: null }])
  })

  test.each<[string, readonly JsonObject[], RegExp]>([
    ['no prompts', [bill, answered], /let the diagnostic setting of the API log its prompts/],
    [
      'tools, which the log does not have',
      [
        bill,
        asked,
        row(2, { ResponseMessages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f' } }] }] }),
      ],
      /calls of tools that the log does not describe/,
    ],
    ['messages that are no JSON', [bill, row(1, { RequestMessages: 'cut [{' })], /do not come together/],
  ])('%s', async (_, lines, reason) => {
    const { records } = await readAll([log('lost', ...lines)])
    expect(records).toMatchObject([
      {
        fidelity: 'metadata-only',
        fidelityReason: expect.stringMatching(reason),
        recordedUsage: { input: 12, output: 3 },
      },
    ])
  })

  test('requests of the gateway that asked no model are left out', async () => {
    const { records, files } = await readAll([log('others', bill, asked, gateway(), gateway({ CorrelationId: 'c2' }))])
    expect([records.length, files[0]?.leftOut]).toEqual([1, 1])
  })
})
