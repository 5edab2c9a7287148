// Whether metrics go to a collector of OpenTelemetry's, and to which: its standard variables first, then the config.

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

/** null: no metrics are sent. `because`: they can't be, and why. */
export function collectorOf(
  env: Readonly<Record<string, string | undefined>>,
  configured: ConfiguredCollector | undefined,
): CollectorSettings | { readonly because: string } | null {
  const set = (name: string) => (env[name]?.trim() ? env[name].trim() : null)
  if (set('OTEL_SDK_DISABLED')?.toLowerCase() === 'true' || set('OTEL_METRICS_EXPORTER') === 'none') return null
  const variables = ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT']
  const from = variables.find((name) => set(name) !== null) ?? (configured && 'notify.otlp.endpoint')
  if (from === undefined) return null
  const isOfEnv = from !== 'notify.otlp.endpoint'
  // The SDK would fall back to the machine itself, in silence.
  if (isOfEnv && !URL.canParse(set(from) ?? '')) return { because: `${from} holds no address` }
  const protocol = protocolOf(set('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL') ?? set('OTEL_EXPORTER_OTLP_PROTOCOL'))
  if (protocol === null) {
    return { because: 'of OTLP only http/protobuf and http/json are spoken: set OTEL_EXPORTER_OTLP_PROTOCOL' }
  }
  const timeout = Number(set('OTEL_EXPORTER_OTLP_METRICS_TIMEOUT') ?? set('OTEL_EXPORTER_OTLP_TIMEOUT'))
  const timeoutMs = Number.isFinite(timeout) && timeout > 0 ? timeout : null
  if (isOfEnv || configured === undefined) return { protocol, url: null, headers: null, timeoutMs, from }
  const url = `${configured.endpoint.replace(/\/+$/, '')}/v1/metrics`
  return { protocol, url, headers: configured.headers, timeoutMs, from }
}

function protocolOf(word: string | null): CollectorSettings['protocol'] | null {
  if (word === null || word === 'http/protobuf') return 'http/protobuf'
  return word === 'http/json' ? word : null
}
