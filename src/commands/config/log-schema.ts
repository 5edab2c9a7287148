// The settings of one entry of `logs`: where it is, in which format, and the map of a format of the user's own.

import { z } from 'zod'
import { pathProblem } from '../../ingest/mapping/path.ts'
import { providers } from '../../providers/index.ts'
import { namesConversation, namesPerson } from '../../providers/party.ts'
import { about } from './about.ts'

const path = z
  .string()
  .superRefine((text, context) => {
    const message = pathProblem(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
  .optional()

const parametersAdvice = 'a path, or the name of each parameter with its path: { temperature: settings.temp }'

const map = z
  .strictObject({
    request: path.meta(about("Body of the request in a provider API's own words")),
    api: z
      .enum(providers.map(({ name }) => name))
      .optional()
      .meta(about('Which API that is; the body tells without it')),
    messages: path.meta(about('Messages, in any common dialect: an OpenAI chat is made of them')),
    prompt: path.meta(about('Text of the one user message, where the log has no messages')),
    system: path.meta(about('System prompt, where it stands apart')),
    model: path.meta(about('Model that was asked for')),
    parameters: z
      .union([path.unwrap(), z.record(z.string().min(1), path.unwrap())], { error: parametersAdvice })
      .optional()
      .meta(about('Object with temperature, max_tokens and the like, or a path for each of them')),
    tools: path.meta(about('Descriptions of the tools that were offered')),
    response: path.meta(about("An API's answer, or a stream's chunks or text")),
    text: path.meta(about('Text of the answer, where the log has no whole one')),
    toolCalls: path.meta(about('Calls that the answer made')),
    finishReason: path.meta(about('Why the answer ended')),
    servedModel: path.meta(about('Model that answered')),
    capturedAt: path.meta(about('When it was asked: ISO 8601 or an epoch; startedAt without it')),
    latencyMs: path.meta(about('Until the last byte, in ms')),
    latencySeconds: path.meta(about('Until the last byte, in seconds')),
    firstTokenMs: path.meta(about('Until the first token, in ms')),
    firstTokenSeconds: path.meta(about('Until the first token, in seconds')),
    startedAt: path.meta(about('Instant that it was sent')),
    endedAt: path.meta(about('Instant of the last byte')),
    firstTokenAt: path.meta(about('Instant of the first token')),
    inputTokens: path.meta(about('Tokens of the request')),
    outputTokens: path.meta(about('Tokens of the answer, reasoning included')),
    cachedInputTokens: path.meta(about("Tokens read from the provider's prompt cache")),
    reasoningTokens: path.meta(about('Tokens of reasoning')),
    cacheWriteTokens: path.meta(about('Tokens written to the prompt cache')),
    cachedIsIncluded: z
      .boolean()
      .optional()
      .meta(about('Whether inputTokens counts cached ones too: OpenAI does, Anthropic does not')),
    user: path.meta(about('Who asked; stored as a salted hash')),
    conversation: path.meta(about('Conversation that it belongs to; stored as a salted hash')),
    callId: path.meta(about("The log's name of the call")),
    traceId: path.meta(about("The log's name of its trace")),
    status: path.meta(about('HTTP status, or a word such as error')),
    error: path.meta(about('What it failed with')),
    feedback: path.meta(about('Score, thumb or object that a user left')),
    segments: z
      .record(z.string().min(1), path.unwrap())
      .optional()
      .meta(about('Name of each segment, and where its value is')),
  })
  .superRefine((given, context) => {
    const refuse = (key: string, message: string, ...below: string[]) =>
      context.addIssue({ code: 'custom', path: [key, ...below], message })
    const asked = (['request', 'messages', 'prompt'] as const).filter((key) => given[key] !== undefined)
    if (asked.length !== 1) refuse(asked[1] ?? 'request', 'a map has one of request, messages and prompt')
    if (given.api !== undefined && given.request === undefined) refuse('api', 'api belongs to request')
    for (const key of ['system', 'parameters', 'tools'] as const) {
      if (given[key] !== undefined && given.request !== undefined) refuse(key, `the body at request has its own ${key}`)
    }
    for (const key of ['text', 'toolCalls', 'finishReason', 'servedModel'] as const) {
      if (given[key] !== undefined && given.response !== undefined)
        refuse(key, `the answer at response has its own ${key}`)
    }
    const counted = given.cachedInputTokens ?? given.cacheWriteTokens
    if (counted !== undefined && given.cachedIsIncluded === undefined) {
      refuse('cachedIsIncluded', 'say whether inputTokens counts cached tokens too: sources differ')
    }
    for (const name of Object.keys(given.segments ?? {})) {
      if (namesPerson(name) || namesConversation(name)) {
        refuse('segments', `a person or a conversation is no segment: map it as user or conversation`, name)
      }
    }
  })

const privateKey = z
  .strictObject({
    env: z.string().min(1).optional().meta(about('Environment variable that holds the key, as PEM')),
    file: z.string().min(1).optional().meta(about('File that holds the key, as PEM, relative to this one')),
  })
  .superRefine((given, context) => {
    if ((given.env === undefined) === (given.file === undefined)) {
      context.addIssue({ code: 'custom', message: 'a private key has one of env and file' })
    }
  })

export const log = z
  .strictObject({
    path: z.string().min(1).meta(about('File, glob or folder, relative to this file; "-" reads standard input')),
    format: z.string().default('auto').meta(about('auto recognises it from the content; mapping reads it by `map`')),
    map: map.optional().meta(about('Where each thing stands, as field.items[0].text or JSONPath (RFC 9535)')),
    privateKey: privateKey.optional().meta(about('Opens a log that is encrypted')),
  })
  .superRefine((given, context) => {
    if ((given.format === 'mapping') === (given.map !== undefined)) return
    const message = given.map === undefined ? 'the format mapping needs a map' : 'a map needs format: mapping'
    context.addIssue({ code: 'custom', path: [given.map === undefined ? 'map' : 'format'], message })
  })

export type LogConfig = z.infer<typeof log>
