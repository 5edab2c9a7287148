// A client's request as it came. Its JSON is read when somebody asks for it: where the body is long, that costs more than all else.

import type { IncomingMessage } from 'node:http'
import type { Json } from '../../core/types.ts'
import type { Asking } from './proxy.ts'

export class ClientAsking implements Asking {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  #json: Json | undefined

  constructor({ method, path, headers, body }: Omit<Asking, 'json'>) {
    this.method = method
    this.path = path
    this.headers = headers
    this.body = body
  }

  get json(): Json {
    if (this.#json === undefined) this.#json = jsonIn(this.body)
    return this.#json
  }
}

function jsonIn(body: Buffer): Json {
  if (body.length === 0) return null
  try {
    return JSON.parse(body.toString('utf8')) as Json
  } catch {
    return null
  }
}
