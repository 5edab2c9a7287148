// The moments at which faults strike: each is brought about by the night itself, and none by a time.

import { readFileSync, statSync } from 'node:fs'
import type { Scene } from './fault.ts'
import type { Job } from './job.ts'

/** At that chat of the night, counted over both arms. */
export function atChat({ production, candidate }: Scene, number: number, then: () => void): void {
  let count = 0
  const onChat = () => {
    count += 1
    if (count === number) then()
  }
  production.onChat = onChat
  candidate.onChat = onChat
}

/** When both targets were found to be there: reading the logs comes next. */
export function atProbe({ production, candidate }: Scene, then: () => void): void {
  let count = 0
  const onProbe = () => {
    count += 1
    if (count === 2) then()
  }
  production.onProbe = onProbe
  candidate.onProbe = onProbe
}

export function killed(scene: Scene, job: Job): () => void {
  return () => {
    job.kill('SIGKILL')
    scene.struck()
  }
}

/** Somewhere between a third and two thirds of the night. */
export function midway({ calls, random }: Scene): number {
  return Math.round(calls * (0.33 + random.unit() / 3))
}

/** When the night says in its journal that it begins a stage: what came before has ended. */
export function atStage({ paths }: Scene, job: Job, stage: string, then: () => void): void {
  const sizeOf = () => statSync(paths.journal, { throwIfNoEntry: false })?.size ?? 0
  const before = sizeOf()
  let seen = before
  const isReached = () => {
    const size = sizeOf()
    if (size === seen) return false
    seen = size
    return readFileSync(paths.journal).subarray(before).includes(`"stage":"${stage}"`)
  }
  job.onceSo(isReached, then)
}

export function isLarger(path: string, bytes: number): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > bytes
}
