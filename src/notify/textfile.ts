// The job's own metrics as Prometheus reads them from a file (node_exporter's textfile collector).

import { Gauge, Registry } from 'prom-client'
import { type JobFacts, jobMetrics } from './job-metrics.ts'

/** The text of the file. */
export function textfileOf(facts: JobFacts): Promise<string> {
  const registry = new Registry()
  for (const { name, unit, help, points } of jobMetrics) {
    const found = points(facts)
    const [first] = found
    if (first === undefined) continue
    const labelNames = Object.keys(first.attributes)
    const gauge = new Gauge({ name: prometheusName(name, unit), help, labelNames, registers: [registry] })
    for (const { value, attributes } of found) gauge.set(attributes, value)
  }
  return registry.metrics()
}

const unitNames: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes' }

/** As OpenTelemetry's collector names it for Prometheus: `shadowgate.store.size` in `By` is `shadowgate_store_size_bytes`. */
export function prometheusName(name: string, unit: string): string {
  return `${name.replaceAll('.', '_')}${unitNames[unit] ?? ''}`
}
