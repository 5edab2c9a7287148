// Runs a container of a Kubernetes pod as a kubelet would: another user, a read-only root, and nothing but its mounts.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CliResult, temporaryFolder } from './cli.ts'

export interface Container {
  readonly args: readonly string[]
  readonly workingDir: string
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[]
  readonly volumeMounts: readonly {
    readonly name: string
    readonly mountPath: string
    readonly subPath?: string
    readonly readOnly?: boolean
  }[]
}

export interface Running {
  readonly uid: number
  /** What each volume is on this machine. */
  readonly volumes: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  /** Told of each piece of standard error: to stop what would stay. */
  readonly onSaid?: (text: string, child: ChildProcess) => void
}

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** Mounting and another user take root, or a machine that lets others do so. */
export const canContain = spawnSync('unshare', ['--mount', 'setpriv', '--reuid=1000', 'true']).status === 0

/** The image has Node and shadowgate; the rest of the root is this machine's libraries. */
export function runContainer(container: Container, { uid, volumes, secrets, onSaid }: Running): Promise<CliResult> {
  const root = temporaryFolder()
  const env = container.env.map(({ name, value }) => `${name}=${value ?? secrets[name] ?? ''}`)
  const command = ['/usr/bin/env', '-i', 'PATH=/usr/bin:/bin', ...env, '/opt/node', '/opt/shadowgate/dist/cli.js']
  const user = [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all']
  const script = join(temporaryFolder(), 'enter.sh')
  const lines = [
    'set -e',
    `mount -t tmpfs -o mode=0755 tmpfs ${root}`,
    ...['/usr', '/bin', '/lib', '/lib64', '/etc', '/proc', '/dev'].flatMap((path) => [
      `[ ! -d ${path} ] || { mkdir -p ${root}${path}; mount --rbind ${path} ${root}${path}; }`,
    ]),
    ...mounted(root, repository, '/opt/shadowgate', 'folder', true),
    ...mounted(root, process.execPath, '/opt/node', 'file', true),
    ...container.volumeMounts
      .toSorted((a, b) => a.mountPath.length - b.mountPath.length)
      .flatMap(({ name, mountPath, subPath, readOnly }) =>
        mounted(root, join(volumes[name] ?? '', subPath ?? ''), mountPath, kindOf(name), readOnly === true),
      ),
    `mkdir -p ${root}${container.workingDir}`,
    `mount -o remount,ro ${root}`,
    `exec chroot ${root} /usr/bin/setpriv ${user.join(' ')} /bin/sh -c 'cd ${container.workingDir} && exec "$0" "$@"' "$@"`,
  ]
  writeFileSync(script, lines.join('\n'))
  return new Promise((resolve, reject) => {
    const args = ['--mount', '--propagation', 'private', 'sh', script, ...command, ...container.args]
    const child = spawn('unshare', args)
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text
      onSaid?.(text, child)
    })
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, ...output }))
  })
}

/** A config map's mount is one file. */
function kindOf(volume: string): 'file' | 'folder' {
  return volume === 'config' ? 'file' : 'folder'
}

function mounted(root: string, from: string, at: string, kind: 'file' | 'folder', isReadOnly: boolean): string[] {
  const place = `${root}${at}`
  const made = kind === 'folder' ? `mkdir -p '${place}'` : `mkdir -p '${dirname(place)}'; : > '${place}'`
  return [made, `mount --bind '${from}' '${place}'`, ...(isReadOnly ? [`mount -o remount,bind,ro '${place}'`] : [])]
}

/** A volume that is given to a group of its own, as fsGroup does, with copies of these files. */
export function volumeOf(uid: number, files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder()
  for (const [name, from] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    cpSync(from, join(folder, name))
  }
  chmodSync(folder, 0o755)
  chownSync(folder, uid, uid)
  return folder
}
