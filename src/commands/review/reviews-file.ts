// The file of reviews on the disk: read, added to, and taken back from, whoever else writes it at the same time.

import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import type { Clock } from '../../core/clock.ts'
import { Fault } from '../../core/fault.ts'
import type { Review, Swap } from '../../core/review.ts'
import { withoutSecrets } from '../../core/secrets.ts'
import type { Instant } from '../../core/types.ts'
import { oneLine } from '../../core/visible-text.ts'
import { readReviews, withoutLast, withReviews } from '../../review/file.ts'
import { mostReason } from '../../review/file-schema.ts'

/** What a person decided just now. */
export type Decided = Pick<Review, 'about' | 'decision' | 'reason' | 'expires' | 'words'>

export interface ReviewBook {
  /** All that the file held when it was last read or written, its order kept; of other swaps too. */
  readonly reviews: () => readonly Review[]
  /** Written at once, all or none: resolves when it is on the disk. Faults: BAD_REVIEWS, REVIEWS_BUSY, REVIEWS_UNWRITABLE. */
  readonly decide: (decided: readonly Decided[]) => Promise<readonly Review[]>
  /**
   * Takes back what this reviewer decided last, all of it that was written at once; empty where there is nothing. `at`: only what was
   * decided then.
   */
  readonly undo: (at?: Instant) => Promise<readonly Review[]>
}

export interface ReviewBookOptions {
  /** The file's name in messages. */
  readonly shown: string
  /** Asked for once somebody decides. */
  readonly reviewer: string
  readonly swap: Swap
  readonly clock: Pick<Clock, 'now'>
}

/** A file that is not there holds no reviews. Fault: BAD_REVIEWS. */
export function openReviewBook(path: string, options: ReviewBookOptions): ReviewBook {
  const { shown, swap, clock } = options
  let known = readReviewsFile(path, shown)
  const isOwn = (at: Instant | undefined) => (review: Review) =>
    review.reviewer === options.reviewer && (at === undefined || review.at === at)
  return {
    reviews: () => known,
    decide: (decided) =>
      locked(path, shown, async () => {
        const at = new Date(clock.now()).toISOString()
        const { reviewer } = options
        const added = decided.map((each): Review => ({ ...each, reason: tidy(each.reason), swap, reviewer, at }))
        const { text, reviews } = withReviews(textOf(path, shown), added, shown)
        await write(path, text, shown)
        known = reviews
        return added
      }),
    undo: (at) =>
      locked(path, shown, async () => {
        const { text, reviews, undone } = withoutLast(textOf(path, shown), isOwn(at), shown)
        if (undone.length > 0) await write(path, text, shown)
        known = reviews
        return undone
      }),
  }
}

/** Fault: BAD_REVIEWS. */
export function readReviewsFile(path: string, shown: string): readonly Review[] {
  return readReviews(textOf(path, shown), shown)
}

/** One line, for the file has one line for each entry, and without what looks like a credential: the file is in git. Fault: USAGE. */
function tidy(reason: string | null): string | null {
  const text = oneLine(withoutSecrets(reason ?? '').text)
  if (text.length > mostReason) throw new Fault('USAGE', `a reason has at most ${mostReason} characters`)
  return text === '' ? null : text
}

function textOf(path: string, shown: string): string {
  try {
    // Fatal: what is no UTF-8 would be written back as something else. It drops a byte order mark, which some editors write.
    return existsSync(path) ? new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) : ''
  } catch (cause) {
    const isEncoding =
      cause instanceof TypeError && 'code' in cause && cause.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
    const message = isEncoding ? 'the file is no UTF-8: save it as such' : `the file can't be read: ${String(cause)}`
    throw new Fault('BAD_REVIEWS', message, { place: shown, cause })
  }
}

async function write(path: string, text: string, shown: string): Promise<void> {
  try {
    // What is written takes the file's place, which would pass over that it may not be written.
    if (existsSync(path)) accessSync(path, constants.W_OK)
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
