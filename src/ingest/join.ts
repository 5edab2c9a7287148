// Halves of exchanges from different lines and files, joined on their key.

import type { RecordId, RejectedLine, RequestRecord } from '../core/types.ts'
import type { Provider } from '../providers/provider.ts'
import type { CapturedReply } from './log-format.ts'
import { cleanedError, type Recorded, recordedReply } from './record.ts'
import { type Redaction, type Taken, takenTogether } from './redact.ts'

/** A request that waits for its answer. `Origin` is whoever counts for the file that it came from. */
export interface OpenRequest<Origin> extends Recorded {
  /** The record's id without its ordinal. */
  readonly request: RecordId
  readonly origin: Origin
}

/** An answer that waits for its request. */
export interface OpenReply<Origin> {
  readonly part: CapturedReply
  /** What becomes of it where no request comes. */
  readonly rejection: RejectedLine
  readonly origin: Origin
}

/** What a half brought about. */
export type Joined<Origin> =
  | { readonly kind: 'record'; readonly record: RequestRecord; readonly taken: Taken; readonly origin: Origin }
  | { readonly kind: 'rejected'; readonly rejection: RejectedLine; readonly origin: Origin }

/**
 * Joins halves as they come; what waits is held in memory. A key ends with its join, so that batches that number their
 * lines alike can follow each other. Where two different requests wait under one key, an answer to it is rejected:
 * which one it answers is not known.
 */
export function createJoin<Origin>(providers: readonly Provider[], startRedaction: () => Redaction) {
  const requests = new Map<string, OpenRequest<Origin>[]>()
  const replies = new Map<string, OpenReply<Origin>[]>()

  const joined = (request: OpenRequest<Origin>, part: CapturedReply): Joined<Origin> => {
    const redaction = startRedaction()
    const provider = providers.find(({ name }) => name === request.record.api)
    const recorded = provider === undefined ? null : recordedReply(part.response, provider, redaction)
    const record = {
      ...request.record,
      recorded,
      recordedUsage: recorded?.usage ?? request.record.recordedUsage,
      recordedError: part.error && cleanedError(part.error, redaction),
      capturedAt: request.record.capturedAt ?? part.capturedAt,
    }
    return { kind: 'record', record, taken: takenTogether(request.taken, redaction.taken()), origin: request.origin }
  }

  return {
    addRequest: (key: string, request: OpenRequest<Origin>): Joined<Origin> | null => {
      const waiting = replies.get(key) ?? []
      const [reply, ...others] = waiting
      if (reply === undefined || others.length > 0) {
        add(requests, key, request)
        return null
      }
      replies.delete(key)
      return joined(request, reply.part)
    },
    addReply: (key: string, reply: OpenReply<Origin>): Joined<Origin> | null => {
      const [request, ...others] = requests.get(key) ?? []
      if (request === undefined) {
        add(replies, key, reply)
        return null
      }
      if (others.some((other) => other.request !== request.request)) {
        const reason = 'an answer to several different requests of the same key'
        return { kind: 'rejected', rejection: { ...reply.rejection, reason }, origin: reply.origin }
      }
      if (others.length === 0) requests.delete(key)
      else requests.set(key, others)
      return joined(request, reply.part)
    },
    /** At the end of all files: requests without an answer, and answers without a request. */
    *rest(): Generator<Joined<Origin>, void, void> {
      for (const { record, taken, origin } of [...requests.values()].flat()) {
        yield { kind: 'record', record, taken, origin }
      }
      for (const { rejection, origin } of [...replies.values()].flat()) yield { kind: 'rejected', rejection, origin }
    },
  }
}

function add<Half>(halves: Map<string, Half[]>, key: string, half: Half): void {
  const waiting = halves.get(key)
  if (waiting === undefined) halves.set(key, [half])
  else waiting.push(half)
}
