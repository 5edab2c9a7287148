// The log of shadowgate's own router: what its users asked while a canary ran.

import { opinionSchemaId, servedSchemaId } from '../../core/served-line.ts'
import type { Json, JsonObject, RecordedError, Reply } from '../../core/types.ts'
import { fieldOf, isObject, objectAt, textAt } from '../../providers/shape.ts'
import { captured, type Damage, type LogEntry, type LogFormat } from '../log-format.ts'
import { segmentsOf } from '../parts/fields.ts'
import { instantOf } from '../parts/instant.ts'

const reply: JsonObject = { text: 'Noon.', toolCalls: [], stop: 'end', usage: null, servedModel: 'gpt-x' }
const specimen: JsonObject = {
  schema: servedSchemaId,
  id: '0b9c',
  at: '2026-11-26T08:00:00.000Z',
  api: 'openai-chat',
  request: { model: 'gpt-x', messages: [{ role: 'user', content: 'When?' }] },
  arm: 'production',
  settings: '9f86d081',
  group: 'control',
  reason: 'user',
  unseen: false,
  shadow: false,
  user: '0123456789abcdef',
  segments: { route: 'chat' },
  status: 200,
  timing: { headersMs: 50, firstTokenMs: 200, totalMs: 600 },
  outcome: { kind: 'reply', reply },
}

export const shadowgateRouter = {
  name: 'shadowgate-router',
  title: "shadowgate's router (`shadowgate serve`)",
  tells:
    'time, latency, TTFT, answer, error, user (a pseudonym), segments, which arm answered, by which settings (a hash) and for which group',
  lacks:
    'what production would have answered where the candidate did: such a record has no recorded answer, and no feedback either',
  nests: false,
  recognises: (line) => [servedSchemaId, opinionSchemaId].some((schema) => textAt(line, 'schema') === schema),
  read,
  specimens: [
    { line: specimen, kind: 'whole' },
    { line: { ...specimen, keysTaken: 1 }, kind: 'whole' },
    { line: { ...specimen, arm: 'candidate', unseen: true }, kind: 'left-out' },
    { line: { ...specimen, arm: 'candidate', group: 'candidate', drill: 'refusal' }, kind: 'left-out' },
    {
      line: { schema: opinionSchemaId, id: '0b9c', at: '2026-11-26T08:01:00.000Z', score: 1 },
      kind: 'opinion',
    },
    { line: { ...specimen, outcome: { kind: 'rejected', status: 500, code: null, detail: 'no' } }, kind: 'whole' },
  ],
} as const satisfies LogFormat

function read(line: Json): readonly LogEntry[] {
  if (textAt(line, 'schema') === opinionSchemaId) return [opinionIn(line)]
  const request = isObject(line) ? objectAt(line, 'request') : null
  if (!isObject(line) || request === null || textAt(line, 'schema') !== servedSchemaId) {
    return [{ kind: 'rejected', reason: 'no request of the router' }]
  }
  if (fieldOf(line, 'unseen') === true) return [{ kind: 'left-out', reason: 'a copy or a failed try that no user saw' }]
  if (textAt(line, 'drill') !== null) return [{ kind: 'left-out', reason: 'an answer that a drill spoilt' }]
  const outcome = objectAt(line, 'outcome')
  const isProduction = textAt(line, 'arm') === 'production'
  const timing = objectAt(line, 'timing')
  // What users thought of the candidate's answer would be taken for a word about production's: it must not be joined.
  const id = textAt(line, 'id')
  const settings = textAt(line, 'settings')
  return [
    {
      kind: 'whole',
      exchange: captured({
        api: textAt(line, 'api'),
        body: request,
        reply: isProduction ? replyOf(outcome) : null,
        error: isProduction ? errorOf(outcome) : null,
        timing: isProduction && timing ? timingOf(timing) : null,
        capturedAt: instantOf(fieldOf(line, 'at')),
        user: textAt(line, 'user'),
        segments: {
          ...segmentsOf({ metadata: objectAt(line, 'segments') }),
          arm: textAt(line, 'arm') ?? 'production',
          ...(settings !== null && { settings }),
        },
        callId: isProduction ? id : `candidate:${id}`,
        damage: (numberIn(line, 'keysTaken') ?? 0) > 0 ? withoutKeys : null,
      }),
    },
  ]
}

const withoutKeys: Damage = { fidelity: 'redacted', reason: 'a credential was taken out of it' }

/** A score of the log's is from −1 to 1. */
function opinionIn(line: Json): LogEntry {
  const [about, score] = [textAt(line, 'id'), fieldOf(line, 'score')]
  if (about === null || typeof score !== 'number') return { kind: 'rejected', reason: 'no score of an answer' }
  return { kind: 'opinion', about, feedback: { name: 'feedback', value: 2 * score - 1, comment: null } }
}

function timingOf(timing: JsonObject) {
  const at = (name: string) => numberIn(timing, name)
  return { headersMs: at('headersMs'), firstTokenMs: at('firstTokenMs'), totalMs: at('totalMs') }
}

/** Our own noun, written by us. An answer that calls tools has an empty text. */
function replyOf(outcome: JsonObject | null): Reply | null {
  const found = outcome && objectAt(outcome, 'reply')
  return found && typeof fieldOf(found, 'text') === 'string' ? (found as unknown as Reply) : null
}

function errorOf(outcome: JsonObject | null): RecordedError | null {
  const kind = outcome && textAt(outcome, 'kind')
  // A client that left, or an answer too long to keep, is nobody's failure.
  if (outcome === null || kind === 'reply' || kind === 'cancelled') return null
  const message = textAt(outcome, 'detail') ?? kind ?? ''
  return { status: numberIn(outcome, 'status'), code: textAt(outcome, 'code'), message }
}

function numberIn(json: JsonObject, field: string): number | null {
  const value = fieldOf(json, field)
  return typeof value === 'number' ? value : null
}
