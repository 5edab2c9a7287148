// A rollout that nothing but a person's word moves, and the users who show where it stands.

import { temporaryFolder } from './cli.ts'
import { askAs, writeRouterConfig } from './served.ts'
import { completion, sendJson, startTarget } from './target.ts'

export const override = ['--override', 'a test']
const healthy = () => startTarget((_, response) => sendJson(response, 200, completion('Hello.')))

/** Nothing but a person's word moves it. */
export const stages = [0.05, 0.1, 0.25, 0.5, 1].map((share) => ({ share, minMinutes: 0, minRequests: 1_000_000 }))

export async function standingProject(canary: object = {}): Promise<string> {
  const [production, candidate, folder] = [await healthy(), await healthy(), temporaryFolder()]
  writeRouterConfig(folder, { production: production.url, candidate: candidate.url, canary: { stages, ...canary } })
  return folder
}

export const users = 40

/** Who serves each user. */
export async function armsOf(base: string): Promise<(string | null)[]> {
  return Promise.all(Array.from({ length: users }, async (_, user) => (await askAs(base, `user-${user}`)).arm))
}
