// The canary, where the config has one: ports, journal, the verdict that opens it, and how users are told apart.

import { once } from 'node:events'
import { accessSync, constants, existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, resolve } from 'node:path'
import { Fault } from '../../core/fault.ts'
import { minute } from '../../core/instant-words.ts'
import { doorFileOf } from '../canary/door/admin-token.ts'
import { readJournal } from '../canary/journal/journal-file.ts'
import { lostRollout } from '../canary/journal/lost-journal.ts'
import { verdictPathOf } from '../canary/journal/newest-verdict.ts'
import { permitOf } from '../canary/journal/permit.ts'
import { isElsewhere } from '../canary/status/attend.ts'
import { keyWords } from '../canary/status/key-words.ts'
import type { Session } from '../session/session.ts'
import { type Check, doubtful, type Finding, fine } from './check.ts'

/** Nothing here is wrong: no night hangs on it. */
export const canary = {
  name: 'canary',
  look: async ({ session }) => {
    if (!Object.hasOwn(session.written, 'canary')) return []
    return [...(await portFindings(session)), journalFinding(session), permitFinding(session), ...keyFindings(session)]
  },
} satisfies Check

async function portFindings(session: Session): Promise<Finding[]> {
  const { host, port, admin, journal } = session.config.canary
  // A router that runs has both.
  if (existsSync(doorFileOf(resolve(session.folder, journal)))) {
    return [fine('a router runs here, or was killed: shadowgate ramp says which')]
  }
  const taken = [
    ...((await isFree(host, port)) ? [] : [`${host}:${port} (canary.port)`]),
    ...((await isFree('127.0.0.1', admin.port)) ? [] : [`127.0.0.1:${admin.port} (canary.admin.port)`]),
  ]
  if (taken.length === 0) return [fine(`${host}:${port} and 127.0.0.1:${admin.port} are free for shadowgate serve`)]
  return [doubtful(`${taken.join(' and ')} can't be listened on`, 'stop what listens there, or choose another port')]
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}

function journalFinding({ folder, config }: Session): Finding {
  const journal = resolve(folder, config.canary.journal)
  let there = existsSync(journal) ? journal : dirname(journal)
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there)
  try {
    accessSync(there, constants.W_OK)
    const lost = lostRollout({ folder, config }, readJournal(journal).events)
    if (lost !== null) {
      return doubtful(`the journal knows nothing ${lost}: ${journal}`, 'put it back, or shadowgate serve --restart')
    }
    return fine(`the journal can be written: ${journal}`)
  } catch {
    return doubtful(`the journal can't be written: ${there}`, 'see canary.journal, and the permissions of its folder')
  }
}

function permitFinding(session: Session): Finding {
  const { config, policy, targets, world } = session
  const { mode, permit } = config.canary
  if (mode === 'shadow') return fine('shadow needs no verdict: nobody is served by the candidate')
  try {
    const { maxAgeHours } = permit
    const found = permitOf({ path: verdictPathOf(session), targets, policy, maxAgeHours, nowMs: world.clock.now() })
    if (found.kind === 'override') return fine('no verdict is asked for')
    const until = new Date(Date.parse(found.decidedAt) + maxAgeHours * 3_600_000).toISOString()
    return fine(`the GO of run ${found.runId} opens it, until ${minute(until)}`)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const todo = 'shadowgate run makes one; --canary-mode shadow needs none'
    return doubtful(`it can't be opened: ${error.message}${error.place === null ? '' : ` (${error.place})`}`, todo)
  }
}

function keyFindings(session: Session): Finding[] {
  const { key, salt, credentials } = session.config.canary
  const findings = [fine(`users are told apart by ${key.map(keyWords).join(', else ')}`)]
  const shared = key.findIndex((source) => 'apiKey' in source)
  if (shared >= 0 && (shared === 0 || credentials === 'target')) {
    findings.push(
      doubtful(
        'the API key is taken for the user: all who share one get the same arm, and count as one user',
        'canary: { key: [{ header: x-user-id }] }, or whatever names your users',
      ),
    )
  }
  if (salt === 'shadowgate') {
    findings.push(
      doubtful(
        'canary.salt is the one that everybody has: whoever reads the log can try out whose pseudonym is whose',
        `canary: { salt: "\${CANARY_SALT}" }, a long random text, the same in all replicas`,
      ),
    )
  }
  if (session.targets.candidate.keyFrom === null && isElsewhere(session)) {
    findings.push(
      doubtful(
        "the candidate has no keyFrom: it is asked without a key, since clients' own are for production's server",
        'targets.candidate.keyFrom names a key of its own',
      ),
    )
  }
  return findings
}
