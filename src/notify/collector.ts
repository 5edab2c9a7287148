// Whether metrics or traces go to a collector of OpenTelemetry's, and to which: its standard variables first, then the config.

export interface CollectorSettings {
  readonly protocol: 'http/protobuf' | 'http/json'
  /** null where the SDK finds it in the environment, with certificates, compression and headers. */
  readonly url: string | null
  readonly headers: Readonly<Record<string, string>> | null
  /** null where the environment sets none. */
  readonly timeoutMs: number | null
  /** Where it stands, for messages: the variable or the setting, not the address, which may hold a key. */
  readonly from: string
}

/** What the config says. */
export interface ConfiguredCollector {
  /** Without `/v1/metrics`, as in OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
}

/** What is sent, and which setting names the collector of it. */
export interface Signal {
  readonly name: 'metrics' | 'traces'
  readonly setting: string
}

const metrics: Signal = { name: 'metrics', setting: 'notify.otlp.endpoint' }

/** null: none are sent. `because`: they can't be, and why. */
export function collectorOf(
  env: Readonly<Record<string, string | undefined>>,
  configured: ConfiguredCollector | undefined,
  { name: signal, setting }: Signal = metrics,
): CollectorSettings | { readonly because: string } | null {
  const own = signal.toUpperCase()
  const set = (name: string) => (env[name]?.trim() ? env[name].trim() : null)
  if (set('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || set(`OTEL_${own}_EXPORTER`) === 'none') return null
  const variables = [`OTEL_EXPORTER_OTLP_${own}_ENDPOINT`, 'OTEL_EXPORTER_OTLP_ENDPOINT']
  const from = variables.find((name) => set(name) !== null) ?? (configured && setting)
  if (from === undefined) return null
  const isOfEnv = from !== setting
  // The SDK would fall back to the machine itself, in silence.
  if (isOfEnv && !URL.canParse(set(from) ?? '')) return { because: `${from} holds no address` }
  const protocol = protocolOf(set(`OTEL_EXPORTER_OTLP_${own}_PROTOCOL`) ?? set('OTEL_EXPORTER_OTLP_PROTOCOL'))
  if (protocol === null) {
    return { because: 'of OTLP only http/protobuf and http/json are spoken: set OTEL_EXPORTER_OTLP_PROTOCOL' }
  }
  const timeout = Number(set(`OTEL_EXPORTER_OTLP_${own}_TIMEOUT`) ?? set('OTEL_EXPORTER_OTLP_TIMEOUT'))
  const timeoutMs = Number.isFinite(timeout) && timeout > 0 ? timeout : null
  if (isOfEnv || configured === undefined) return { protocol, url: null, headers: null, timeoutMs, from }
  const url = `${configured.endpoint.replace(/\/+$/, '')}/v1/${signal}`
  return { protocol, url, headers: configured.headers, timeoutMs, from }
}

function protocolOf(word: string | null): CollectorSettings['protocol'] | null {
  if (word === null || word === 'http/protobuf') return 'http/protobuf'
  return word === 'http/json' ? word : null
}
