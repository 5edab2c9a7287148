// A nightly job for the tests of schedulers, with a name and a folder that schedulers trip over.

import type { Job } from '../../src/schedule/job.ts'

export function jobWith(parts: Partial<Job> = {}): Job {
  return {
    name: 'shadowgate-chat',
    folder: '/srv/chat',
    config: 'shadowgate.yaml',
    repository: '/srv/chat',
    program: ['/usr/bin/node', '/opt/shadowgate/dist/cli.js'],
    version: '9.9.9',
    at: { hour: 2, minute: 30 },
    timeZone: 'Europe/Berlin',
    user: 'shadow',
    variables: ['PROD_KEY', 'CAND_KEY'],
    hasKeys: false,
    writes: ['/srv/chat/reports'],
    logs: ['/srv/chat/logs'],
    files: ['shadowgate.yaml'],
    storeGb: 20,
    ...parts,
  }
}
