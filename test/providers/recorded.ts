// Recorded exchanges for the tests of this room: the committed specimens, and the wider recordings where they are.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { Json } from '../../src/core/types.ts'

export interface Recorded {
  readonly name: string
  readonly request: Json
  readonly status: number
  /** A string is a streamed answer as it was on the wire. */
  readonly response: Json
}

const specimenFolder = join(import.meta.dirname, 'specimens')
export const wireFolder = join(import.meta.dirname, '../../../shared/data/wire')
/** The wider recordings are not part of the repository. */
export const isWireAbsent = !existsSync(wireFolder)

export function readJson(path: string): Json {
  const json: Json = JSON.parse(readFileSync(path, 'utf8'))
  return json
}

export function specimen(name: string): Recorded {
  const file: Omit<Recorded, 'name'> = JSON.parse(readFileSync(join(specimenFolder, `${name}.json`), 'utf8'))
  return { ...file, name }
}

export function specimens(): readonly Recorded[] {
  return readdirSync(specimenFolder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => specimen(file.slice(0, -'.json'.length)))
}

/** One exchange of a go-vcr cassette. */
export function cassette(name: string): Recorded {
  const file: { interactions: { request: { body: string }; response: { body: string; code: number } }[] } = parse(
    readFileSync(join(wireFolder, 'envoy-openai-vcr', `${name}.yaml`), 'utf8'),
  )
  const [exchange] = file.interactions
  if (exchange === undefined) throw new Error(`${name} holds no exchange`)
  const { body, code } = exchange.response
  const response: Json = body.startsWith('data:') ? body : JSON.parse(body)
  return { name, request: JSON.parse(exchange.request.body), status: code, response }
}

/** A recording that kept one event a line, put back on the wire. */
export function framed(path: string): string {
  const events = readFileSync(join(wireFolder, path), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
  return [...events, '[DONE]'].map((event) => `data: ${event}\n\n`).join('')
}
