// A vendor whose API is OpenAI's but for a few habits: the habits as data, and a provider that has them.

import { Fault } from '../core/fault.ts'
import type { Json, JsonObject } from '../core/types.ts'
import type { Provider, RequestOptions, StreamEvent, StreamReader } from './provider.ts'
import { fieldOf, parseJson, textAt, without } from './shape.ts'
import { createTranslator, type Dialect } from './vendor-dialect.ts'

/** How one vendor differs from OpenAI. What is `null` or empty does not differ. */
export interface Vendor extends Dialect {
  /** The word in the config. */
  readonly name: string
  readonly title: string
  /** Names of our provider APIs that it serves. */
  readonly apis: readonly string[]
  /** The header that carries the key; `authorization` carries it as a bearer's. */
  readonly keyHeader: string
  /** Headers of every request; lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Its path for one of our APIs, by the API's name. `{model}` stands for the model's name. */
  readonly paths: Readonly<Record<string, string>>
  /** A path that costs nothing and tells whether target and key work; null where it has none. */
  readonly probePath: string | null
  /** Whether it takes `stream_options`. Where it does not, a stream's usage comes unasked, or not at all. */
  readonly takesStreamOptions: boolean
  /** Body fields of chat completions that it calls otherwise: OpenAI's name → its own. */
  readonly renamed: Readonly<Record<string, string>>
}

/** The API as that vendor serves it. Throws BAD_CONFIG where it does not serve the API at all. */
export function withVendor(provider: Provider, vendor: Vendor): Provider {
  if (!vendor.apis.includes(provider.name)) {
    const served = vendor.apis.join(', ')
    throw new Fault('BAD_CONFIG', `the vendor "${vendor.name}" does not serve ${provider.name}; it serves ${served}`)
  }
  const translator = createTranslator(vendor)
  return {
    ...provider,
    request: (body, options) => requestOf(provider, vendor, { body, options }),
    headers: (key) => ({ ...provider.headers(null), ...vendor.headers, ...keyHeaders(vendor, key) }),
    probePath: vendor.probePath,
    reply: (body) => provider.reply(translator.translated(body)),
    stream: () => {
      const reader = provider.stream()
      return translator.isIdle ? reader : translatedReader(reader, translator)
    },
  }
}

function keyHeaders({ keyHeader }: Vendor, key: string | null): Readonly<Record<string, string>> {
  if (key === null) return {}
  return { [keyHeader]: keyHeader === 'authorization' ? `Bearer ${key}` : key }
}

interface Asked {
  readonly body: JsonObject
  readonly options: RequestOptions
}

function requestOf(provider: Provider, vendor: Vendor, { body, options }: Asked): ReturnType<Provider['request']> {
  const asked = provider.request(body, options)
  const { overrides, rename = {} } = options
  // What the target's own config names so keeps its name.
  const own = new Set([...Object.keys(overrides), ...Object.values(rename)])
  const isRefused = !vendor.takesStreamOptions && fieldOf(overrides, 'stream_options') === undefined
  const sent = isRefused ? without(asked.body, ['stream_options']) : asked.body
  const path = vendor.paths[provider.name]
  const model = encodeURIComponent(textAt(sent, 'model') ?? '')
  return {
    path: path === undefined ? asked.path : path.replace('{model}', model),
    body: provider.name === 'openai-chat' ? renamed(sent, vendor.renamed, own) : sent,
  }
}

/** What the target's own config sets or renames keeps its name, and a field that is there under both is left alone. */
function renamed(body: JsonObject, names: Vendor['renamed'], own: ReadonlySet<string>): JsonObject {
  const entries = Object.entries(body).map(([field, value]): readonly [string, Json] => {
    const name = Object.hasOwn(names, field) ? names[field] : undefined
    const isTaken = name === undefined || Object.hasOwn(body, name) || own.has(field)
    return [isTaken ? field : name, value]
  })
  return Object.fromEntries(entries)
}

function translatedReader(reader: StreamReader, translator: ReturnType<typeof createTranslator>): StreamReader {
  const translate = (event: StreamEvent): StreamEvent => {
    if (!translator.mayConcern(event.data)) return event
    const json = parseJson(event.data)
    return json === undefined ? event : { event: event.event, data: JSON.stringify(translator.translated(json)) }
  }
  return { push: (event) => reader.push(translate(event)), end: reader.end }
}
