// Rows of Azure API Management's logs → a call: its messages glued, its bill, and what the gateway saw of it.

import type { Json, JsonObject, RecordedError, Timing, Usage } from '../../core/types.ts'
import { fieldOf, isArray, isObject, objectAt, parseJson, textAt } from '../../providers/shape.ts'
import { bodyOf } from '../chatml/chat.ts'
import { completionOf } from '../chatml/completion.ts'
import { Unclear, uncertain } from '../chatml/unclear.ts'
import { captured, type LogEntry, lost } from '../log-format.ts'
import { countedUsage, countOf } from '../parts/counted.ts'
import { segmentsOf, timingOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'
import { isTooDeep } from '../redact.ts'

/** A row of either log, wherever its fields stand. */
export interface LogRow {
  readonly correlationId: string
  /** The table or the category, where the row says it. */
  readonly kind: string
  /** Fields of the row, and of the envelope around it: the first that has one is believed. */
  readonly holders: readonly JsonObject[]
}

/** null where the value is no row of a gateway's log. */
export function rowOf(line: Json): LogRow | null {
  const inner = objectAt(line, 'properties') ?? objectAt(line, 'Properties')
  const holders = [inner, line].filter((each) => isObject(each))
  const correlationId = textIn(holders, 'CorrelationId')
  if (correlationId === null) return null
  const kind = textIn(holders, 'Type') ?? textIn(holders, 'Category') ?? ''
  return { correlationId, kind, holders }
}

/** Tables write their columns in PascalCase, event hubs in camelCase. */
function fieldIn({ holders }: Pick<LogRow, 'holders'>, field: string): Json | undefined {
  const camel = `${field.slice(0, 1).toLowerCase()}${field.slice(1)}`
  for (const holder of holders) {
    const value = fieldOf(holder, field) ?? fieldOf(holder, camel) ?? null
    if (value !== null && value !== '') return value
  }
  return undefined
}

function textIn(holders: readonly JsonObject[], field: string): string | null {
  const value = fieldIn({ holders }, field)
  return typeof value === 'string' ? value : null
}

function countIn(row: LogRow | undefined, field: string): number | null {
  return row === undefined ? null : countOf(fieldIn(row, field))
}

const modelFields = ['RequestMessages', 'ResponseMessages', 'PromptTokens', 'DeploymentName', 'ModelName']

/** A row of `ApiManagementGatewayLlmLog`. */
export function isModelRow(row: LogRow): boolean {
  if (/(?:^|\/)(?:ApiManagement)?GatewayLlmLogs?$/.test(row.kind)) return true
  return countIn(row, 'SequenceNumber') !== null && modelFields.some((field) => fieldIn(row, field) !== undefined)
}

/** A row of `ApiManagementGatewayLogs`. */
export function isGatewayRow(row: LogRow): boolean {
  if (/(?:^|\/)(?:ApiManagement)?GatewayLogs$/.test(row.kind)) return true
  const names = ['ApiId', 'BackendTime', 'OperationId', 'IsRequestSuccess']
  return (
    row.kind === '' && countIn(row, 'ResponseCode') !== null && names.some((field) => fieldIn(row, field) !== undefined)
  )
}

/** Its number among the rows of its call; the gateway's row says nothing of the order, and comes behind all of the model's. */
export function orderOf(row: LogRow): number {
  return isGatewayRow(row) ? Number.MAX_SAFE_INTEGER : (countIn(row, 'SequenceNumber') ?? 0)
}

/** The call that the rows of one correlation are, in the order of their numbers. */
export function assembled(rows: readonly LogRow[]): LogEntry {
  const parts = rows.filter((row) => isModelRow(row) && !isGatewayRow(row))
  const gateway = rows.find(isGatewayRow)
  if (parts.length === 0) return { kind: 'left-out', reason: 'a request of the gateway that asked no language model' }
  const told = (field: string) => parts.map((row) => textIn(row.holders, field)).find((each) => each !== null) ?? null
  const error = errorOf(gateway)
  const isCached = textIn(gateway?.holders ?? [], 'Cache')?.toLowerCase() === 'hit'
  const usage = parts.map(usageOf).find((each) => each !== null) ?? null
  const said = messagesIn(parts, 'ResponseMessages')
  const served = told('ModelName')
  const isAnswered = error === null && !isCached && !(said instanceof Unclear)
  const completion = isAnswered ? completionOf(said, { asksForJson: false }) : null
  const known = {
    api: 'openai-chat',
    response: completion && (served === null ? completion : { model: served, ...completion }),
    error,
    timing: isAnswered ? timingIn(gateway) : null,
    usage: isCached ? null : usage,
    capturedAt:
      rows
        .map((row) => instantOf(fieldIn(row, 'TimeGenerated') ?? fieldIn(row, 'Time')))
        .find((each) => each !== null) ?? null,
    segments: segmentsOf({ metadata: segmentFields(gateway) }),
    callId: rows[0]?.correlationId ?? null,
  }
  const asked = messagesIn(parts, 'RequestMessages')
  if (asked instanceof Unclear) return lost(asked.reason, known)
  if (asked === null) return lost('no `RequestMessages`: let the diagnostic setting of the API log its prompts', known)
  const body = bodyOf({
    input: asked,
    output: said instanceof Unclear ? null : said,
    model: told('DeploymentName') ?? served,
    parameters: null,
    metadata: null,
    toolColumn: null,
    hasFirstToken: parts.some((row) => fieldIn(row, 'IsStreamCompletion') === true),
  })
  if (body instanceof Unclear) return lost(uncertain(body), known)
  return { kind: 'whole', exchange: captured({ ...known, body }) }
}

/**
 * Messages of more than 32 KB are cut into rows, which count on. A piece is text that is no JSON yet, or a list of
 * messages; null where no row has any.
 */
function messagesIn(parts: readonly LogRow[], field: string): Json | Unclear {
  const holding = parts.filter((row) => fieldIn(row, field) !== undefined)
  const places = holding.map((row) => countIn(row, 'SequenceNumber'))
  const first = places[0] ?? null
  const isGapless = places.every((place, at) => place === null || first === null || place === first + at)
  const pieces = holding.map((row) => fieldIn(row, field) ?? null)
  if (pieces.length === 0) return null
  if (pieces.some((piece) => isTooDeep(piece))) return new Unclear('its messages nest too deeply')
  if (pieces.every((piece) => isArray(piece) || isObject(piece))) {
    return isGapless ? pieces.flatMap((piece) => (isArray(piece) ? piece : [piece])) : new Unclear(torn)
  }
  const texts = pieces.map((piece) => (typeof piece === 'string' ? piece : JSON.stringify(piece)))
  const whole = isGapless ? joined(texts) : undefined
  if (whole !== undefined && isTooDeep(whole)) return new Unclear('its messages nest too deeply')
  return isArray(whole) || isObject(whole) ? whole : new Unclear(torn)
}

const torn =
  'its messages do not come together: rows are missing, or they are beyond the size that the diagnostic setting allows'

/** Pieces of one text, or lists that stand for themselves. */
function joined(texts: readonly string[]): Json | undefined {
  const whole = parseJson(texts.join(''))
  if (whole !== undefined) return whole
  const lists = texts.map(parseJson)
  return lists.every((each) => isArray(each)) ? lists.flat() : undefined
}

function usageOf(row: LogRow): Usage | null {
  // Rows of messages have zeros there.
  return countedUsage({ input: fieldIn(row, 'PromptTokens'), output: fieldIn(row, 'CompletionTokens') })
}

function errorOf(gateway: LogRow | undefined): RecordedError | null {
  const status = countIn(gateway, 'ResponseCode')
  if (gateway === undefined || status === null || status < 400) return null
  const error = fieldIn(gateway, 'LastError')
  return {
    status,
    code: textIn(gateway.holders, 'LastErrorReason') ?? textAt(error, 'reason'),
    message: textIn(gateway.holders, 'LastErrorMessage') ?? textAt(error, 'message') ?? '',
  }
}

/** `BackendTime` is what the model took; the rest is the gateway's own and the client's. */
function timingIn(gateway: LogRow | undefined): Timing | null {
  return timingOf({ total_ms: countIn(gateway, 'BackendTime') })
}

/** `UserId` and the subscription are a developer's at the gateway, and may be a person's. */
function segmentFields(gateway: LogRow | undefined): JsonObject {
  const holders = gateway?.holders ?? []
  return { api: textIn(holders, 'ApiId'), product: textIn(holders, 'ProductId') }
}
