// The file of reviews on the disk: read, added to, and taken back from, whoever else writes it at the same time.

import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { Clock } from '../core/clock.ts'
import { Fault } from '../core/fault.ts'
import type { Review, Swap } from '../core/review.ts'
import { withoutSecrets } from '../core/secrets.ts'
import { readReviews, withoutLast, withReviews } from '../review/file.ts'

/** What a person decided just now. */
export type Decided = Pick<Review, 'about' | 'decision' | 'reason' | 'expires' | 'words'>

export interface ReviewBook {
  /** All that the file held when it was last read or written, its order kept; of other swaps too. */
  readonly reviews: () => readonly Review[]
  /** Written at once, all or none: resolves when it is on the disk. Faults: BAD_REVIEWS, REVIEWS_BUSY, REVIEWS_UNWRITABLE. */
  readonly decide: (decided: readonly Decided[]) => Promise<readonly Review[]>
  /** Takes back what this reviewer decided last, all of it that was written at once; empty where there is nothing. */
  readonly undo: () => Promise<readonly Review[]>
}

export interface ReviewBookOptions {
  /** The file's name in messages. */
  readonly shown: string
  readonly reviewer: string
  readonly swap: Swap
  readonly clock: Pick<Clock, 'now'>
}

/** A file that is not there holds no reviews. Fault: BAD_REVIEWS. */
export function openReviewBook(path: string, { shown, reviewer, swap, clock }: ReviewBookOptions): ReviewBook {
  let known = readReviewsFile(path, shown)
  const isOwn = (review: Review) => review.reviewer === reviewer
  return {
    reviews: () => known,
    decide: (decided) =>
      locked(path, shown, async () => {
        const at = new Date(clock.now()).toISOString()
        const added = decided.map((each): Review => ({ ...each, reason: tidy(each.reason), swap, reviewer, at }))
        const text = withReviews(textOf(path, shown), added, shown)
        await write(path, text, shown)
        known = readReviews(text, shown)
        return added
      }),
    undo: () =>
      locked(path, shown, async () => {
        const { text, undone } = withoutLast(textOf(path, shown), isOwn, shown)
        if (undone.length > 0) await write(path, text, shown)
        known = readReviews(text, shown)
        return undone
      }),
  }
}

/** Fault: BAD_REVIEWS. */
export function readReviewsFile(path: string, shown: string): readonly Review[] {
  return readReviews(textOf(path, shown), shown)
}

/** One line, for the file has one line for each entry, and without what looks like a credential: the file is in git. */
function tidy(reason: string | null): string | null {
  const text = withoutSecrets(reason ?? '')
    .text.replaceAll(/\s+/g, ' ')
    .trim()
  return text === '' ? null : text
}

function textOf(path: string, shown: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : ''
  } catch (cause) {
    throw new Fault('BAD_REVIEWS', `the file can't be read: ${String(cause)}`, { place: shown, cause })
  }
}

async function write(path: string, text: string, shown: string): Promise<void> {
  try {
    await writeFileAtomic(path, text)
  } catch (cause) {
    throw new Fault('REVIEWS_UNWRITABLE', `the reviews can't be written: ${String(cause)}`, { place: shown, cause })
  }
}

/**
 * Subtle: what is written begins with what was read, so reading and writing are one piece. Between processes a folder `<file>.lock`
 * keeps it that way; one that a killed process left is taken over after ten seconds.
 */
async function locked<T>(path: string, shown: string, work: () => Promise<T>): Promise<T> {
  const retries = { retries: 100, factor: 1.2, minTimeout: 10, maxTimeout: 200, randomize: true }
  // Subtle: it listens to every signal from the moment it is loaded, and a full disk's (SIGXFSZ) then ends the process. Who writes no
  // review is spared that.
  const { default: lockfile } = await import('proper-lockfile')
  const release = await lockfile.lock(path, { realpath: false, retries }).catch((cause: unknown) => {
    const isBusy = cause instanceof Error && 'code' in cause && cause.code === 'ELOCKED'
    if (isBusy) throw new Fault('REVIEWS_BUSY', 'another process writes the reviews', { place: shown, cause })
    const message = `${dirname(path)} can't be written: ${String(cause)}`
    throw new Fault('REVIEWS_UNWRITABLE', message, { place: shown, cause })
  })
  try {
    return await work()
  } finally {
    await release()
  }
}
