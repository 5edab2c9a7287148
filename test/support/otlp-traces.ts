// A collector of OpenTelemetry's that keeps the spans that it is sent, in both encodings of OTLP.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { PbfReader } from 'pbf'
import { onTestFinished } from 'vitest'

export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  /** Empty where the trace begins with it. */
  readonly parentId: string
  readonly state: string
  readonly name: string
  readonly kind: 'server' | 'client' | 'other'
  readonly startMs: number
  readonly endMs: number
  readonly isFailed: boolean
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
}

export interface Collector {
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  /** Of each message, in order. */
  readonly heads: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  /** All bytes that came, unpacked: for a search. */
  readonly raw: () => string
}

type Answer = (response: ServerResponse, number: number) => void

const accept: Answer = (response) => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()

/** Listens until the test ends; `port` 0 takes a free one. */
export async function startSpanCollector(answer: Answer = accept, port = 0): Promise<Collector> {
  const spans: CollectedSpan[] = []
  const heads: { path: string; headers: IncomingHttpHeaders }[] = []
  const bodies: Buffer[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sent = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
      bodies.push(body)
      heads.push({ path: request.url ?? '', headers: request.headers })
      const isJson = request.headers['content-type'] === 'application/json'
      spans.push(...(isJson ? fromJson(JSON.parse(body.toString()) as JsonMessage) : fromProtobuf(body)))
      answer(response, heads.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, spans, heads, raw: () => Buffer.concat(bodies).toString('latin1') }
}

const kinds: Readonly<Record<number, CollectedSpan['kind']>> = { 2: 'server', 3: 'client' }
const failed = 2

interface JsonValue {
  readonly stringValue?: string
  readonly boolValue?: boolean
  readonly intValue?: string | number
  readonly doubleValue?: number
  readonly arrayValue?: { readonly values: readonly JsonValue[] }
}
type JsonAttributes = readonly { readonly key: string; readonly value: JsonValue }[]
interface JsonMessage {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: JsonAttributes }
    readonly scopeSpans: readonly { readonly spans: readonly JsonSpan[] }[]
  }[]
}
interface JsonSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceState?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: JsonAttributes
  readonly status: { readonly code: number }
}

function fromJson({ resourceSpans }: JsonMessage): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        traceId: span.traceId,
        spanId: span.spanId,
        parentId: span.parentSpanId ?? '',
        state: span.traceState ?? '',
        name: span.name,
        kind: kinds[span.kind] ?? 'other',
        startMs: Number(span.startTimeUnixNano) / 1e6,
        endMs: Number(span.endTimeUnixNano) / 1e6,
        isFailed: span.status.code === failed,
        attributes: wordsOf(span.attributes),
        resource: wordsOf(resource.attributes),
      })),
  )
}

function wordsOf(attributes: JsonAttributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainOf(value)]))
}

function plainOf({ stringValue, boolValue, intValue, doubleValue, arrayValue }: JsonValue): unknown {
  if (arrayValue !== undefined) return arrayValue.values.map(plainOf)
  return stringValue ?? boolValue ?? (intValue === undefined ? doubleValue : Number(intValue))
}

type Draft = { -readonly [K in keyof CollectedSpan]: CollectedSpan[K] }

/** Field numbers are those of OTLP's trace.proto, resource.proto and common.proto. */
function fromProtobuf(bytes: Buffer): CollectedSpan[] {
  const found: CollectedSpan[] = []
  new PbfReader(bytes).readFields((tag, all, pbf) => {
    if (tag === 1) all.push(...readResourceSpans(pbf))
  }, found)
  return found
}

function readResourceSpans(pbf: PbfReader): CollectedSpan[] {
  const resource: Record<string, unknown> = {}
  const spans: Draft[] = []
  pbf.readMessage((tag) => {
    if (tag === 1) pbf.readMessage((inner) => inner === 1 && readAttribute(pbf, resource), {})
    if (tag === 2) pbf.readMessage((inner) => inner === 2 && spans.push(readSpan(pbf)), {})
  }, {})
  return spans.map((span) => ({ ...span, resource }))
}

function readSpan(pbf: PbfReader): Draft {
  const attributes: Record<string, unknown> = {}
  const span: Draft = {
    traceId: '',
    spanId: '',
    parentId: '',
    state: '',
    name: '',
    kind: 'other',
    startMs: 0,
    endMs: 0,
    isFailed: false,
    attributes,
    resource: {},
  }
  return pbf.readMessage((tag, each) => {
    if (tag === 1) each.traceId = Buffer.from(pbf.readBytes()).toString('hex')
    if (tag === 2) each.spanId = Buffer.from(pbf.readBytes()).toString('hex')
    if (tag === 3) each.state = pbf.readString()
    if (tag === 4) each.parentId = Buffer.from(pbf.readBytes()).toString('hex')
    if (tag === 5) each.name = pbf.readString()
    if (tag === 6) each.kind = kinds[pbf.readVarint()] ?? 'other'
    if (tag === 7) each.startMs = pbf.readFixed64() / 1e6
    if (tag === 8) each.endMs = pbf.readFixed64() / 1e6
    if (tag === 9) readAttribute(pbf, attributes)
    if (tag === 15)
      pbf.readMessage((inner, status) => {
        if (inner === 3) status.isFailed = pbf.readVarint() === failed
      }, each)
  }, span)
}

function readAttribute(pbf: PbfReader, into: Record<string, unknown>): void {
  let key = ''
  pbf.readMessage((tag) => {
    if (tag === 1) key = pbf.readString()
    if (tag === 2) into[key] = readValue(pbf)
  }, {})
}

function readValue(pbf: PbfReader): unknown {
  let found: unknown
  pbf.readMessage((tag) => {
    if (tag === 1) found = pbf.readString()
    if (tag === 2) found = pbf.readBoolean()
    if (tag === 3) found = pbf.readVarint(true)
    if (tag === 4) found = pbf.readDouble()
    if (tag === 5) {
      const values: unknown[] = []
      pbf.readMessage((inner) => inner === 1 && values.push(readValue(pbf)), {})
      found = values
    }
  }, {})
  return found
}
