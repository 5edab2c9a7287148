// What a map may say: for each thing that a record knows, where it stands in a line.

/** Paths, but for `api` (a provider API's name) and `cachedIsIncluded`. */
export interface LogMap {
  readonly request?: string | undefined
  readonly api?: string | undefined
  readonly messages?: string | undefined
  readonly prompt?: string | undefined
  readonly system?: string | undefined
  readonly model?: string | undefined
  /** Where the object with all of them is, or where each of them is. */
  readonly parameters?: string | Readonly<Record<string, string>> | undefined
  readonly tools?: string | undefined
  readonly response?: string | undefined
  readonly text?: string | undefined
  readonly toolCalls?: string | undefined
  readonly finishReason?: string | undefined
  readonly servedModel?: string | undefined
  readonly capturedAt?: string | undefined
  readonly latencyMs?: string | undefined
  readonly latencySeconds?: string | undefined
  readonly firstTokenMs?: string | undefined
  readonly firstTokenSeconds?: string | undefined
  readonly startedAt?: string | undefined
  readonly endedAt?: string | undefined
  readonly firstTokenAt?: string | undefined
  readonly inputTokens?: string | undefined
  readonly outputTokens?: string | undefined
  readonly cachedInputTokens?: string | undefined
  readonly reasoningTokens?: string | undefined
  readonly cacheWriteTokens?: string | undefined
  /** Whether `inputTokens` counts the tokens read from and written to the cache too. */
  readonly cachedIsIncluded?: boolean | undefined
  readonly user?: string | undefined
  readonly conversation?: string | undefined
  readonly callId?: string | undefined
  readonly traceId?: string | undefined
  readonly status?: string | undefined
  readonly error?: string | undefined
  readonly feedback?: string | undefined
  readonly segments?: Readonly<Record<string, string>> | undefined
}

export type MapKey = Exclude<keyof LogMap, 'api' | 'cachedIsIncluded' | 'segments'> | `parameters.${string}`
