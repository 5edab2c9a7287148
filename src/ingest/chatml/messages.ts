// The turns of a conversation → OpenAI chat messages: calls of one turn together, each result under its call's id.

import type { Json, JsonObject } from '../../core/types.ts'
import { type Call, type Turn, turnsOf } from './message.ts'
import { allClear, Unclear } from './unclear.ts'

/** Unclear where a message is, where nobody is asked anything, and where a result has no call. */
export function messagesOf(list: readonly Json[]): readonly JsonObject[] | Unclear {
  const turns = allClear(list.map(turnsOf))
  return turns instanceof Unclear ? turns : linked(joined(turns.flat()))
}

/** Responses log each call of a turn as an item of its own; in a chat they stand in one message. */
function joined(turns: readonly Turn[]): readonly Turn[] {
  const whole: Turn[] = []
  for (const turn of turns) {
    const before = whole.at(-1)
    const isMore = turn.kind === 'said' && turn.role === 'assistant' && turn.content === null && turn.calls.length > 0
    if (isMore && before?.kind === 'said' && before.role === 'assistant') {
      whole[whole.length - 1] = { ...before, calls: [...before.calls, ...turn.calls] }
    } else whole.push(turn)
  }
  return whole
}

interface Open {
  readonly id: string
  readonly name: string
}

function linked(turns: readonly Turn[]): readonly JsonObject[] | Unclear {
  const messages: JsonObject[] = []
  const open: Open[] = []
  let count = 0
  const named = (call: Call) => {
    count += 1
    return { ...call, id: call.id ?? `call_${count}` }
  }
  for (const turn of turns) {
    if (turn.kind === 'said') {
      const calls = turn.calls.map(named)
      open.push(...calls)
      messages.push(messageOf(turn, calls))
      continue
    }
    const { id, name, content } = turn
    const place = open.findIndex((each) => (id === null ? name === null || each.name === name : each.id === id))
    const [call] = place === -1 ? [] : open.splice(place, 1)
    if (call === undefined) return new Unclear('the result of a tool without its call')
    messages.push({ role: 'tool', tool_call_id: call.id, content })
  }
  return messages.length === 0 ? new Unclear('a chat without a message') : messages
}

function messageOf(turn: Turn & { readonly kind: 'said' }, calls: readonly (Call & Open)[]): JsonObject {
  const message = { role: turn.role, content: turn.content }
  return calls.length === 0 ? message : { ...message, tool_calls: calls.map(callObject) }
}

export function callObject({ id, name, arguments: text }: Call): JsonObject {
  return { ...(id === null ? {} : { id }), type: 'function', function: { name, arguments: text } }
}
