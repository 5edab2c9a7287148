// Which of ten thousand buckets a user falls into: once, everywhere, without anything being remembered.

import { hash } from 'node:crypto'

export const buckets = 10_000

/**
 * 0 ≤ bucket < 10,000: the first 48 bits of SHA-256 over salt and key, as a share of 2⁴⁸. Each bucket gets one user in ten thousand to
 * within 4 in 10¹¹. The same salt gives the same bucket in every process; another one deals all users anew.
 */
export function bucketOf(key: string, salt: string): number {
  const digest = hash('sha256', `${salt}\u0000${key}`, 'hex')
  return Math.floor((Number.parseInt(digest.slice(0, 12), 16) / 2 ** 48) * buckets)
}
