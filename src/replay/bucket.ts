// A token bucket as a pure rule: what may leave when, so that a minute's limit is kept without a burst at its start.

/** The bucket at one moment. `level` is below 0 where what will come is promised already. */
export interface Bucket {
  readonly perMinute: number
  readonly level: number
  readonly atMs: number
}

/** Holds what comes in so long: servers count over less than a minute, and a full bucket at once would be a burst. */
const burstMs = 1000

/** `perMinute` > 0, in whatever is counted: requests, tokens. */
export function createBucket(perMinute: number, nowMs: number): Bucket {
  return { perMinute, level: capacityOf(perMinute), atMs: nowMs }
}

/**
 * Takes `cost` out, at once even where it is not there yet, and says how long to wait for it: who comes later waits behind,
 * so nobody is overtaken, and a cost larger than the bucket only waits longer.
 */
export function take(
  bucket: Bucket,
  cost: number,
  nowMs: number,
): { readonly bucket: Bucket; readonly waitMs: number } {
  const level = Math.min(capacityOf(bucket.perMinute), levelAt(bucket, nowMs)) - cost
  const waitMs = level >= 0 ? 0 : (-level / bucket.perMinute) * 60_000
  return { bucket: { ...bucket, level, atMs: nowMs }, waitMs }
}

/** Corrects what was taken by a guess, once the truth is known: gives back where `cost` is negative. */
export function settle(bucket: Bucket, cost: number): Bucket {
  return { ...bucket, level: bucket.level - cost }
}

function levelAt({ perMinute, level, atMs }: Bucket, nowMs: number): number {
  return level + (Math.max(0, nowMs - atMs) / 60_000) * perMinute
}

/** At least one, so that a slow limit lets its first request go. */
function capacityOf(perMinute: number): number {
  return Math.max(1, (perMinute * burstMs) / 60_000)
}
