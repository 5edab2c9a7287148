// A hardened service and its timer for systemd, 250 or newer.

import { type Job, keysSteps, longestHours, type Schedule, timeWords } from './job.ts'
import { shellWord } from './shell-words.ts'
import { keys, path, quoted, sandbox, word } from './unit-parts.ts'

export const systemd = {
  title: 'a service and a timer for systemd',
  files: (job) => [
    { name: `${job.name}.service`, text: service(job) },
    { name: `${job.name}.timer`, text: timer(job) },
  ],
  steps: (job) => [
    ...keysSteps(job),
    `mkdir -p ${job.writes.map(shellWord).join(' ')}`,
    `sudo cp ${job.name}.service ${job.name}.timer /etc/systemd/system/ && sudo systemctl daemon-reload`,
    `sudo systemctl start ${job.name}.service    # one night now; journalctl -u ${job.name} has what it says`,
    `sudo systemctl enable --now ${job.name}.timer`,
  ],
} satisfies Schedule

function service(job: Job): string {
  const { folder, program, config, variables, writes, user } = job
  return `# A night of shadowgate in ${folder}. It may write the folders below and nothing else.
[Unit]
Description=shadowgate: ask the candidate what production was asked, and judge
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${user}
WorkingDirectory=${path(folder)}
ExecStart=${[...program, 'run', '--config', config].map(word).join(' ')}
# GO is 0; NO-GO, INCONCLUSIVE, INVALID and nothing new are results too. From 64 on the night could not judge, and has failed.
SuccessExitStatus=1 2 3 4
${keys(variables, folder)}
# Compiled modules are kept beside the store; without it each start compiles anew.
Environment=${quoted(`NODE_COMPILE_CACHE=${writes[0] ?? folder}/.node-cache`)}
# A night that takes longer is told to stop: it ends its calls, and the next one goes on where it was.
TimeoutStartSec=${longestHours}h
TimeoutStopSec=3min
KillMode=mixed
UMask=0027

${sandbox(writes)}
Nice=10
`
}

function timer(job: Job): string {
  const zone = job.timeZone === null ? '' : ` ${job.timeZone}`
  return `# When the night begins: systemd-analyze calendar says when that is next.
[Unit]
Description=shadowgate every night

[Timer]
OnCalendar=*-*-* ${timeWords(job)}:00${zone}
# A night that the machine slept through is made up for when it is up again.
Persistent=yes
RandomizedDelaySec=10min
AccuracySec=1min

[Install]
WantedBy=timers.target
`
}
