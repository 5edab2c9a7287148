// The format of an entry of `logs`: by its name, by its map, or with the key that opens it.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Fault } from '../../core/fault.ts'
import type { LogFile } from '../../ingest/find.ts'
import { cloudflareAiGateway } from '../../ingest/formats/cloudflare-ai-gateway.ts'
import type { LogFormat } from '../../ingest/log-format.ts'
import { createMapping } from '../../ingest/mapping.ts'
import type { LogConfig } from '../config/log-schema.ts'
import type { Session } from '../session/session.ts'

/** Formats whose logs may be encrypted: each is made with the private key, as PEM. */
const encrypted: Readonly<Record<string, (privateKeyPem: string) => LogFormat>> = {
  'cloudflare-ai-gateway': cloudflareAiGateway,
}

type Place = Pick<Session, 'file' | 'folder' | 'world'>

/** null finds out. Fault: BAD_CONFIG for a key that is not there, or for a format that needs none. */
export function formatOf(entry: LogConfig, session: Place, index: number): LogFile['format'] {
  const { format, map, privateKey } = entry
  if (map !== undefined) return createMapping(map)
  if (privateKey === undefined) return format === 'auto' ? null : format
  const place = `${session.file} logs[${index}].privateKey`
  const create = Object.hasOwn(encrypted, format) ? encrypted[format] : undefined
  if (create === undefined) {
    const known = Object.keys(encrypted).join(', ')
    const message = `the format ${format} is not encrypted and takes no key${known === '' ? '' : `; ${known} does`}`
    throw new Fault('BAD_CONFIG', message, { place })
  }
  return create(keyOf(privateKey, session, place))
}

function keyOf({ env, file }: NonNullable<LogConfig['privateKey']>, session: Place, place: string): string {
  if (env !== undefined) {
    const key = session.world.env[env]
    if (key) return key
    throw new Fault('BAD_CONFIG', `the environment variable ${env} is not set`, { place, hint: `export ${env}` })
  }
  try {
    return readFileSync(resolve(session.folder, file ?? ''), 'utf8')
  } catch (error) {
    throw new Fault('BAD_CONFIG', `the key file ${file} cannot be read`, { place, cause: error })
  }
}
