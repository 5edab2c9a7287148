// The end of a router: load balancers notice, requests under way end, and what takes too long is cut and counted.

import type { Proxy } from '../../canary/proxy/proxy.ts'
import type { Clock } from '../../core/clock.ts'

export interface DrainLimits {
  /** It still takes requests so long, and closes each connection with its answer. */
  readonly noticeMs: number
  /** Then what runs may take so long. */
  readonly endMs: number
}

const lookEveryMs = 20

/** Resolves when nothing is under way any more; says how many requests were cut. `hurry`: nobody waits any longer. */
export async function drain(
  proxy: Proxy,
  { noticeMs, endMs }: DrainLimits,
  { clock, hurry }: { readonly clock: Clock; readonly hurry: AbortSignal },
): Promise<number> {
  const { server } = proxy
  proxy.leave()
  if (server.listening) await clock.sleep(noticeMs, hurry)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const untilMs = clock.elapsed() + endMs
  while (proxy.active() > 0 && clock.elapsed() < untilMs && !hurry.aborted) {
    // A connection whose last answer just ended would stay open for as long as it may idle.
    server.closeIdleConnections()
    await clock.sleep(lookEveryMs, hurry)
  }
  const cut = proxy.cut()
  await closed
  while (proxy.active() > 0) await clock.sleep(lookEveryMs)
  return cut
}
