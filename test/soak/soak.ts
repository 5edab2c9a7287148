// `npm run soak`: a month of nights with faults, and its report; exit status 1 where an invariant did not hold.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { accountHead, accountLine, reportText } from './account-text.ts'
import { faults } from './faults.ts'
import { builtCli } from './job.ts'
import { soakMonth } from './month.ts'
import { planOf } from './plan.ts'

const usage = `npm run soak -- [options]
  --nights <n>      how many nights; beyond the month faults are drawn (30)
  --seed <n>        the same seed brings the same traffic, answers and moments (1)
  --only <fault>    quiet nights around this fault: ${[...faults.keys()].join(', ')}
  --no-mount        full disks by limits of the process, where nothing is to be mounted
  --json            one JSON document
  --keep            leaves the folder, and says where it is
  --cli <path>      another build of cli.js
`

// Children and folders go with the process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))

const { values } = parseArgs({
  options: {
    nights: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    'no-mount': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    cli: { type: 'string', default: builtCli },
    help: { type: 'boolean', default: false },
  },
})
const [nights, seed] = [Number(values.nights), Number(values.seed)]
const isAsked = Number.isInteger(nights) && nights > 0 && Number.isInteger(seed)
if (values.help || !isAsked || (values.only !== undefined && !faults.has(values.only))) {
  process.stderr.write(usage)
  process.exitCode = values.help ? 0 : 64
} else if (!existsSync(values.cli)) {
  process.stderr.write(`${values.cli} is missing: npm run build\n`)
  process.exitCode = 64
} else {
  const folder = mkdtempSync(join(tmpdir(), 'shadowgate-soak-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  if (!values.keep) process.once('exit', remove)
  try {
    const say = (text: string) => void process.stderr.write(`${text}\n`)
    say(accountHead)
    const plan = planOf({ nights, seed, only: values.only ?? null })
    const month = await soakMonth({
      seed,
      plan,
      folder,
      cli: values.cli,
      mayMount: !values['no-mount'],
      onAccount: (each) => say(accountLine(each)),
    })
    const isWhole = month.invariants.every(({ violations }) => violations.length === 0)
    process.stdout.write(
      values.json ? `${JSON.stringify({ seed, isWhole, ...month }, null, 2)}\n` : reportText(month, seed),
    )
    process.exitCode = isWhole ? 0 : 1
  } finally {
    if (values.keep) process.stderr.write(`the folder is ${folder}\n`)
  }
}
