// A hardened service for systemd, 250 or newer, that keeps the router running.

import { keysSteps } from './job.ts'
import type { RouterJob, RouterSchedule } from './router-job.ts'
import { shellWord } from './shell-words.ts'
import { keys, path, quoted, sandbox, word } from './unit-parts.ts'

export const routerSystemd = {
  files: (job) => [{ name: `${job.name}-router.service`, text: service(job) }],
  steps: (job) => [
    ...keysSteps(job),
    `mkdir -p ${job.writes.map(shellWord).join(' ')}`,
    `sudo cp ${job.name}-router.service /etc/systemd/system/ && sudo systemctl daemon-reload`,
    `sudo systemctl enable --now ${job.name}-router.service    # journalctl -u ${job.name}-router has what it says`,
    `curl -fsS http://127.0.0.1:${job.adminPort}/readyz`,
  ],
} satisfies RouterSchedule

function service(job: RouterJob): string {
  const { folder, program, config, variables, writes, user, drainSeconds } = job
  return `# The router of shadowgate in ${folder}. It may write the folders below and nothing else.
[Unit]
Description=shadowgate: route users between production and the candidate
Wants=network-online.target
After=network-online.target
# Ten starts in five minutes that end at once: something is to be mended.
StartLimitIntervalSec=300
StartLimitBurst=10

[Service]
Type=exec
User=${user}
WorkingDirectory=${path(folder)}
ExecStart=${[...program, 'serve', '--config', config].map(word).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
# However it ended: the journal has where the ramp stood, and it goes on from there.
Restart=always
RestartSec=1
# Wrong usage, config or verdict: starting again mends nothing.
RestartPreventExitStatus=64 65
${keys(variables, folder)}
Environment=${quoted(`NODE_COMPILE_CACHE=${writes[0] ?? folder}/.node-cache`)}
# Answers under way come to their end.
TimeoutStopSec=${drainSeconds}
KillMode=mixed
UMask=0077
LimitNOFILE=65536

${sandbox(writes)}

[Install]
WantedBy=multi-user.target
`
}
