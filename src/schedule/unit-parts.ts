// What systemd's services of ours have in common: keys, what they may reach and do, and words as units quote them.

import { keysFile } from './job.ts'

export function keys(variables: readonly string[], folder: string): string {
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

/** `writes`: absolute folders. */
export function sandbox(writes: readonly string[]): string {
  return `# What it can reach
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
LockPersonality=yes`
}

/** Of a setting that holds one path, which may have blanks. Percent signs are systemd's own. */
export function path(text: string): string {
  return text.replaceAll('%', '%%')
}

/** Of a setting that holds a list. */
export function quoted(text: string): string {
  const plain = path(text)
  return /[\s"'\\;]/.test(plain) ? `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : plain
}

/** Of a command line, where dollars are systemd's own too. */
export function word(text: string): string {
  return quoted(text.replaceAll('$', '$$$$'))
}
