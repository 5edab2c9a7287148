// A collector of OpenTelemetry's that keeps what it is sent, in both encodings of OTLP.

import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { PbfReader } from 'pbf'
import { onTestFinished } from 'vitest'

export interface Collected {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly resource: Readonly<Record<string, unknown>>
  /** `name{key=value}` → value, and the unit and help of each name. */
  readonly points: Readonly<Record<string, number>>
  readonly units: Readonly<Record<string, string>>
}

type Answer = (response: ServerResponse, number: number) => void

const accept: Answer = (response) => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()

export async function startCollector(answer: Answer = accept) {
  const collected: Collected[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const sent = Buffer.concat(chunks)
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent
      const isJson = request.headers['content-type'] === 'application/json'
      const message = isJson ? (JSON.parse(body.toString()) as Message) : decoded(body)
      collected.push({ path: request.url ?? '', headers: request.headers, ...flat(message) })
      answer(response, collected.length)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, collected }
}

interface Attribute {
  key: string
  value: { stringValue?: string }
}
interface Point {
  attributes: Attribute[]
  asDouble?: number
  asInt?: string | number
}
interface Metric {
  name: string
  unit: string
  description: string
  gauge?: { dataPoints: Point[] }
}
interface Message {
  resourceMetrics: { resource: { attributes: Attribute[] }; scopeMetrics: { metrics: Metric[] }[] }[]
}

function flat({ resourceMetrics }: Message): Pick<Collected, 'resource' | 'points' | 'units'> {
  const words = (attributes: readonly Attribute[]) => attributes.map(({ key, value }) => [key, value.stringValue])
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  const points = metrics.flatMap(({ name, gauge }) =>
    (gauge?.dataPoints ?? []).map(({ attributes, asDouble, asInt }) => {
      const labels = words(attributes).map(([key, value]) => `${key}=${value}`)
      return [labels.length === 0 ? name : `${name}{${labels.toSorted().join()}}`, asDouble ?? Number(asInt)]
    }),
  )
  return {
    resource: Object.fromEntries(resourceMetrics.flatMap(({ resource }) => words(resource.attributes))),
    points: Object.fromEntries(points),
    units: Object.fromEntries(metrics.map(({ name, unit }) => [name, unit])),
  }
}

/** Field numbers are those of OTLP's metrics.proto, resource.proto and common.proto. */
function decoded(bytes: Buffer): Message {
  const message: Message = { resourceMetrics: [] }
  return new PbfReader(bytes).readFields((tag, all, pbf) => {
    if (tag === 1) all.resourceMetrics.push(readResource(pbf))
  }, message)
}

function readResource(pbf: PbfReader): Message['resourceMetrics'][number] {
  const found: Message['resourceMetrics'][number] = { resource: { attributes: [] }, scopeMetrics: [] }
  return pbf.readMessage((tag, each) => {
    if (tag === 1)
      pbf.readMessage((inner, resource) => inner === 1 && resource.attributes.push(attribute(pbf)), each.resource)
    if (tag === 2) each.scopeMetrics.push(readScope(pbf))
  }, found)
}

function readScope(pbf: PbfReader): { metrics: Metric[] } {
  const found: { metrics: Metric[] } = { metrics: [] }
  return pbf.readMessage((tag, { metrics }) => tag === 2 && metrics.push(metric(pbf)), found)
}

function metric(pbf: PbfReader): Metric {
  const found: Metric = { name: '', description: '', unit: '' }
  return pbf.readMessage((tag, each) => {
    if (tag === 1) each.name = pbf.readString()
    if (tag === 2) each.description = pbf.readString()
    if (tag === 3) each.unit = pbf.readString()
    if (tag === 5) {
      const gauge: { dataPoints: Point[] } = { dataPoints: [] }
      each.gauge = pbf.readMessage((inner, { dataPoints }) => inner === 1 && dataPoints.push(point(pbf)), gauge)
    }
  }, found)
}

function point(pbf: PbfReader): Point {
  const found: Point = { attributes: [] }
  return pbf.readMessage((tag, each) => {
    if (tag === 4) each.asDouble = pbf.readDouble()
    if (tag === 6) each.asInt = pbf.readSFixed64()
    if (tag === 7) each.attributes.push(attribute(pbf))
  }, found)
}

function attribute(pbf: PbfReader): Attribute {
  const found: Attribute = { key: '', value: {} }
  return pbf.readMessage((tag, each) => {
    if (tag === 1) each.key = pbf.readString()
    if (tag !== 2) return
    pbf.readMessage((inner, value) => {
      if (inner === 1) value.stringValue = pbf.readString()
    }, each.value)
  }, found)
}
