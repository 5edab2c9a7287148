// The package as npm would publish it: packed, unpacked, run on plain Node.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
// Below the project's node_modules, so that the unpacked package finds its dependencies as an installed one would.
const cache = join(root, 'node_modules', '.cache')
let folder = ''
let unpacked = ''

beforeAll(() => {
  mkdirSync(cache, { recursive: true })
  folder = mkdtempSync(join(cache, 'packed-'))
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' })
  execFileSync('tar', ['xzf', join(folder, `shadowgate-${manifest().version}.tgz`), '-C', folder])
  unpacked = join(folder, 'package')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function manifest() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
}

function bin(args: readonly string[], node = process.execPath): string {
  return execFileSync(node, [join(unpacked, manifest().bin.shadowgate), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
  })
}

describe('the packed package', () => {
  it('runs its bin', () => {
    expect(bin(['--version'])).toContain(`shadowgate ${manifest().version}`)
    expect(bin(['run', '--help'])).toContain('--sample-size')
    bin(['init'])
    expect(readFileSync(join(folder, 'shadowgate.yaml'), 'utf8')).toContain('targets:')
  })

  it('opens its doors', () => {
    const script = `
      const door = await import('shadowgate'); const stats = await import('shadowgate/stats')
      const { default: schema } = await import('shadowgate/schemas/verdict.json', { with: { type: 'json' } })
      console.log(typeof door.decide, typeof door.openStore, typeof stats.quantileRatio, schema.$id)`
    const from = { cwd: unpacked, encoding: 'utf8' as const }
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], from).trim()).toBe(
      'function function function urn:shadowgate:verdict:1',
    )
  })

  it('says what the README says that it does', () => {
    const [, example = '', said = ''] =
      /```js\n([\s\S]*\/\/ ([^\n]+)\n)```/.exec(readFileSync(join(unpacked, 'README.md'), 'utf8')) ?? []
    const from = { cwd: unpacked, encoding: 'utf8' as const }
    expect(said).not.toBe('')
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', example], from).trim()).toBe(said)
  })

  it('declares types that a strict compiler reads to the last line', { timeout: 120_000 }, () => {
    const doors = Object.keys(manifest().exports).filter((door) => door === '.' || door === './stats')
    const lines = doors.map((door, at) => `export * as door${at} from 'shadowgate${door.slice(1)}'\n`)
    // Beside the manifest: a package may import itself by its name.
    writeFileSync(join(unpacked, 'consumer.ts'), lines.join(''))
    const strict = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--skipLibCheck',
      'false',
      '--types',
      'node',
    ]
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const args = ['--ignoreConfig', ...strict, '--module', 'nodenext', '--target', 'es2024', 'consumer.ts']
    const { stdout } = spawnSync(process.execPath, [compiler, ...args], { cwd: unpacked, encoding: 'utf8' })
    expect(stdout).toBe('')
  })

  it('carries the demo, the schemas and the licences, and no test', () => {
    const paths = [
      'datasets/demo/production-log.jsonl.gz',
      'datasets/demo/shadowgate.yaml',
      'LICENSE',
      'NOTICE',
      'README.md',
      'src/commands/canary/router.rules.yaml',
    ]
    const schemas = ['commands/config/config', 'report/verdict', 'review/reviews'].map(
      (name) => `src/${name}.schema.json`,
    )
    for (const path of [...paths, ...schemas]) {
      expect(existsSync(join(unpacked, path)), path).toBe(true)
    }
    expect(existsSync(join(unpacked, 'test'))).toBe(false)
  })

  it('is left as it was built where no compiler is installed (npm ci --omit=dev)', () => {
    const bare = mkdtempSync(join(folder, 'bare-'))
    mkdirSync(join(bare, 'dist'))
    writeFileSync(join(bare, 'package.json'), readFileSync(join(root, 'package.json')))
    execFileSync('npm', ['run', 'prepare'], { cwd: bare, stdio: 'pipe' })
    expect(existsSync(join(bare, 'dist'))).toBe(true)
  })

  it('carries nothing of files that are no longer there', () => {
    const built = globSync('dist/**/*.js', { cwd: unpacked }).filter(
      (path) => path !== join('dist', 'report', 'page.js'),
    )
    const source = (path: string) => join(root, path.replace(/^dist/, 'src').replace(/js$/, 'ts'))
    expect(built.filter((path) => !existsSync(source(path)) && !existsSync(`${source(path)}x`))).toEqual([])
    expect(built.length).toBeGreaterThan(500)
  })

  it('passes publint', async () => {
    const { messages, pkg } = await publint({ pkgDir: unpacked, strict: true, pack: false })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  const oldNode = ['/usr/bin/node', '/usr/local/bin/node'].find((path) => existsSync(path) && isOld(path))

  it.skipIf(!oldNode)('says in one sentence that an older Node is too old (skipped where there is none)', () => {
    try {
      bin(['--version'], oldNode)
      expect.unreachable('an old Node must be refused')
    } catch (error) {
      expect(error).toMatchObject({
        status: 64,
        stderr: expect.stringMatching(/^error\[NODE\] shadowgate needs Node 22\.19 or newer; this is .*\n$/),
      })
    }
  })
})

function isOld(node: string): boolean {
  const [major = 0, minor = 0] = execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    .split('.')
    .map(Number)
  return major < 22 || (major === 22 && minor < 19)
}
