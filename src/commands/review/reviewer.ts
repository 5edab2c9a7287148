// Who reviews, and which models: what every entry of the file of reviews is signed with.

import { spawnSync } from 'node:child_process'
import { userInfo } from 'node:os'
import { relative } from 'node:path'
import type { Run } from '../../core/judgement.ts'
import { oneLine } from '../../core/visible-text.ts'
import { swapOf } from '../run/swap-of.ts'
import type { Session } from '../session/session.ts'
import { openReviewBook, type ReviewBook } from './reviews-file.ts'

export const reviewerFlag = {
  flag: '--reviewer <name>',
  description: "Who decides; SHADOWGATE_REVIEWER, else git's user, else the system's, without it",
}

/** What is said once something was decided. */
export const afterDeciding = 'Next: shadowgate gate judges the run anew by it, and shadowgate report shows it'

/** The config's file, for what is decided about a run's changes; signed by `--reviewer`, or whoever is known. Fault: BAD_REVIEWS. */
export function reviewBookOf(session: Session, run: Pick<Run, 'targets'>): ReviewBook {
  const { world, invocation, folder, reviewsPath } = session
  const given = invocation.own['reviewer']
  let known: string | null = null
  return openReviewBook(reviewsPath, {
    shown: shownPath(session),
    // Git takes its time to be asked, and whoever only reads is nobody's reviewer.
    get reviewer() {
      known ??= reviewerOf(typeof given === 'string' ? given : undefined, world.env, folder)
      return known
    },
    swap: swapOf(run),
    clock: world.clock,
  })
}

/** As it is typed from where the command runs. */
function shownPath({ world, reviewsPath }: Pick<Session, 'world' | 'reviewsPath'>): string {
  return relative(world.cwd, reviewsPath) || reviewsPath
}

/** `folder`: where git is asked. */
export function reviewerOf(
  given: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): string {
  return oneLine(given ?? '') || oneLine(env['SHADOWGATE_REVIEWER'] ?? '') || gitUser(folder) || systemUser()
}

function gitUser(folder: string): string {
  // Where git is not there it has said nothing.
  const ask = (key: string) => {
    const said: string | null = spawnSync('git', ['config', key], { cwd: folder, encoding: 'utf8' }).stdout
    return oneLine(said ?? '')
  }
  const [name, email] = [ask('user.name'), ask('user.email')]
  return [name, email && `<${email}>`].filter(Boolean).join(' ')
}

/** A container's user may have no name. */
function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
