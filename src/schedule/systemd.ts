// A hardened service and its timer for systemd, 250 or newer.

import { type Job, keysFile, keysSteps, longestHours, type Schedule, timeWords } from './job.ts'
import { shellWord } from './shell-words.ts'

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

# What it can reach
ProtectSystem=strict
ProtectHome=read-only
${writes.map((each) => `ReadWritePaths=${quoted(each)}`).join('\n')}
PrivateTmp=yes
PrivateDevices=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK

# What it can do. No MemoryDenyWriteExecute: Node compiles while it runs.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallFilter=@chown
SystemCallErrorNumber=EPERM
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
Nice=10
`
}

function keys(variables: readonly string[], folder: string): string {
  if (variables.length === 0) return '# The config names no variables.'
  const [first = ''] = variables
  const credential = first.toLowerCase().replaceAll('_', '-')
  return [
    '# Keys: NAME=value, one a line.',
    `EnvironmentFile=${path(`${folder}/${keysFile}`)}`,
    `# Or each key of a target as a file that only root reads; then the line above is not needed for it:`,
    `# LoadCredential=${first}:/etc/shadowgate/${credential}`,
    `# Environment=${first}_FILE=%d/${first}`,
  ].join('\n')
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

/** Of a setting that holds one path, which may have blanks. Percent signs are systemd's own. */
function path(text: string): string {
  return text.replaceAll('%', '%%')
}

/** Of a setting that holds a list. */
function quoted(text: string): string {
  const plain = path(text)
  return /[\s"'\\;]/.test(plain) ? `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : plain
}

/** Of a command line, where dollars are systemd's own too. */
function word(text: string): string {
  return quoted(text.replaceAll('$', '$$$$'))
}
