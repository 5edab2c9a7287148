// Headers of a response as undici hands them over, read one at a time.

export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** A header's value; several are joined as HTTP says. null where it is absent. Names are lower-case. */
export function headerText(headers: ResponseHeaders, name: string): string | null {
  const value = headers[name]
  if (value === undefined) return null
  return typeof value === 'string' ? value : value.join(', ')
}
