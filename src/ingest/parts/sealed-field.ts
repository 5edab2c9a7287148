// Fields that Cloudflare's AI Gateway sealed with a team's public key: an AES key under RSA, and the data under AES.

import { createDecipheriv, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto'
import { Fault } from '../../core/fault.ts'
import type { Json } from '../../core/types.ts'
import { objectAt, textAt } from '../../providers/shape.ts'

export interface SealedField {
  readonly key: string
  readonly iv: string
  readonly data: string
}

/** Whether a field's value is sealed: key, initial vector and data, each in base64. null where it is anything else. */
export function sealedIn(line: Json, field: string): SealedField | null {
  const value = objectAt(line, field)
  const [key, iv, data] = ['key', 'iv', 'data'].map((part) => textAt(value, part))
  return key && iv && data ? { key, iv, data } : null
}

/** The private half of the pair whose public half the gateway was given. Throws BAD_CONFIG where it is none. */
export function unsealingKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    // The message of OpenSSL may quote the key.
    throw new Fault('BAD_CONFIG', 'the private key of the AI Gateway is no PEM of an RSA private key')
  }
}

/** WebCrypto, which the gateway runs on, writes the tag behind the ciphertext. */
const tagBytes = 16

/** The text in the field; null where the key does not open it, or it was damaged on its way. */
export function unsealed({ key, iv, data }: SealedField, privateKey: KeyObject): string | null {
  try {
    const aesKey = privateDecrypt({ key: privateKey, oaepHash: 'sha256' }, Buffer.from(key, 'base64'))
    const bytes = Buffer.from(data, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', aesKey, Buffer.from(iv, 'base64'))
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    const text = Buffer.concat([decipher.update(bytes.subarray(0, -tagBytes)), decipher.final()])
    return new TextDecoder('utf-8', { fatal: true }).decode(text)
  } catch {
    return null
  }
}
