// Which of ten thousand buckets a user falls into: once, everywhere, without anything being remembered.

import { createHash } from 'node:crypto'

export const buckets = 10_000

/**
 * 0 ≤ bucket < 10,000: the first 48 bits of SHA-256 over salt and key, as a share of 2⁴⁸. Each bucket gets one user in ten thousand to
 * within 4 in 10¹¹. The same salt gives the same bucket in every process; another one deals all users anew.
 */
export function bucketOf(key: string, salt: string): number {
  const digest = createHash('sha256').update(salt).update('\u0000').update(key).digest()
  return Math.floor((digest.readUIntBE(0, 6) / 2 ** 48) * buckets)
}
