// What a provider's batch API is to the lane: requests in one piece there, results whenever it is ready.

import type { Instant, Json, JsonObject, Outcome } from '../../core/types.ts'

/** One file for each provider's API; the lane knows nothing of their shapes. Each method may reject with an `HttpTrouble`. */
export interface BatchApi {
  readonly limits: BatchLimits
  /** Requests may share a batch where this is the same. */
  readonly groupOf: (body: JsonObject) => string
  /** A request as it stands in a batch: JSON on one line. */
  readonly lineOf: (customId: string, body: JsonObject) => string
  /** Hands over the requests before the batch is made, and gives their file's name; null where the API knows no such step. */
  readonly upload: (lines: readonly string[]) => Promise<string | null>
  /** Makes the batch and gives its name: from then on it is worked at, and paid for. */
  readonly create: (lines: readonly string[], fileId: string | null) => Promise<string>
  /** The name of a batch that may have been made, though nobody heard the answer; null where it was not. */
  readonly find: (lost: LostBatch) => Promise<string | null>
  readonly poll: (batchId: string) => Promise<BatchState>
  /** In any order; what is not in there was not answered. */
  readonly results: (source: ResultsSource) => AsyncIterable<BatchResult>
}

/** The most that one batch may hold. */
export interface BatchLimits {
  readonly requests: number
  readonly bytes: number
}

export interface LostBatch {
  readonly fileId: string | null
  readonly requests: number
  readonly submittedAt: Instant
  /** Names of batches that are accounted for. */
  readonly known: ReadonlySet<string>
}

export type BatchState =
  /** `answered`: as far as the provider tells before the end. */
  | { readonly kind: 'pending'; readonly answered: number }
  /** `isCancelled`: somebody stopped it at the provider. */
  | { readonly kind: 'ended'; readonly sources: readonly ResultsSource[]; readonly isCancelled: boolean }
  /** Nothing was answered. `isFull`: the provider has no room for so much at a time, and may have later, or for less. */
  | { readonly kind: 'failed'; readonly isFull: boolean; readonly detail: string }

export interface ResultsSource {
  /** On the target's own origin. */
  readonly url: string
  /** Where the provider said that the results are, if that is another origin: the key does not go there. */
  readonly elsewhere: string | null
}

export interface BatchResult {
  readonly customId: string
  readonly outcome: Outcome
  readonly httpStatus: number | null
  /** False where the provider never came to it, or failed on its own side: another batch may do better. */
  readonly isFinal: boolean
}

/** The connection to one target, for batches. Asks only the target's own origin and follows no redirect. */
export interface BatchHttp {
  /** The URL of a path below the base URL. */
  readonly at: (path: string) => string
  readonly isOwn: (url: string) => boolean
  readonly get: (url: string) => Promise<Json>
  readonly post: (url: string, body: string) => Promise<Json>
  /** Multipart, as a form with fields and one file. */
  readonly upload: (url: string, fields: Readonly<Record<string, string>>, file: UploadedFile) => Promise<Json>
  /** The lines of an answer as they come, without those that are blank. */
  readonly lines: (url: string) => AsyncIterable<string>
}

export interface UploadedFile {
  readonly name: string
  readonly text: string
}

/** A request about a batch that did not go well: not the outcome of any call. */
export class HttpTrouble extends Error {
  override readonly name = 'HttpTrouble'
  /** null where no answer came. */
  readonly status: number | null
  /** What the server asked to wait, in ms; null where it asked nothing. */
  readonly afterMs: number | null

  constructor(status: number | null, detail: string, { afterMs = null }: { afterMs?: number | null } = {}) {
    super(detail)
    this.status = status
    this.afterMs = afterMs
  }

  /** Whether the same request may do better in a while. */
  get isTransient(): boolean {
    return this.status === null || isTransientStatus(this.status)
  }
}

/** Failures on the server's side, or of our pace. */
export function isTransientStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 425 || status === 429 || status >= 500
}
