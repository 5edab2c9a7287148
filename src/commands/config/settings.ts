// The settings of the schema as a flat list: what flags and environment variables are made from.

import type { z } from 'zod'
import type { SettingMeta } from './about.ts'
import { configSchema } from './schema.ts'

/** One leaf of the config that can be set from outside the file. */
export interface Setting {
  readonly path: readonly string[]
  /** `--sample-size` */
  readonly flag: string
  /** `SHADOWGATE_SAMPLE_SIZE` */
  readonly env: string
  /** Name of the flag's argument in help texts. */
  readonly value: string
  readonly description: string
  readonly default: unknown
}

export const settings: readonly Setting[] = leaves(configSchema, [])

/** The settings below any of these paths: what a command's flags are. */
export function settingsOf(sections: readonly string[]): Setting[] {
  return settings.filter((setting) => sections.some((section) => setting.path.join('.').startsWith(section)))
}

/** The names known at a path of the config: what a mistyped key may have been meant to be. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: z.ZodType | null = configSchema
  for (const step of path) {
    const inner: z.ZodType = unwrap(schema)
    schema = childOf(inner, step)
    if (schema === null) return []
  }
  return Object.keys(shapeOf(unwrap(schema)) ?? {})
}

function leaves(schema: z.ZodType, path: readonly string[]): Setting[] {
  return Object.entries(shapeOf(unwrap(schema)) ?? {}).flatMap(([name, child]) => {
    const here = [...path, name]
    const meta = child.meta() as SettingMeta | undefined
    if (meta?.value === undefined) return leaves(child, here)
    const words = here.filter((word) => word !== 'targets').map(kebab)
    const flag = meta.flag ?? `--${words.join('-')}`
    const env = `SHADOWGATE_${words.join('_').replaceAll('-', '_').toUpperCase()}`
    return [{ path: here, flag, env, value: meta.value, description: meta.description, default: defaultOf(child) }]
  })
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** What lies under defaults and optionals. */
function unwrap(schema: z.ZodType): z.ZodType {
  const definition = schema.def as { innerType?: z.ZodType }
  return definition.innerType ? unwrap(definition.innerType) : schema
}

function shapeOf(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | null {
  return 'shape' in schema ? (schema.shape as Record<string, z.ZodType>) : null
}

function childOf(schema: z.ZodType, step: PropertyKey): z.ZodType | null {
  if (typeof step === 'number') return (schema.def as { element?: z.ZodType }).element ?? null
  return shapeOf(schema)?.[String(step)] ?? null
}

function defaultOf(schema: z.ZodType): unknown {
  const definition = schema.def as { defaultValue?: unknown }
  return definition.defaultValue
}
