// The settings of the user's own checks, and what they come to.

import { query } from 'jsonpath-rfc9535'
import { z } from 'zod'
import { Fault, thrownMessage } from '../../core/fault.ts'
import type { Assertion, AssertionCheck, Rule } from '../../core/judgement.ts'
import { assertionName } from '../../score/assertions/assertion-metric.ts'
import { moduleSha256 } from '../gate/metrics-of.ts'
import { about } from './about.ts'
import { margin } from './margin.ts'

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])
const checks = ['contains', 'notContains', 'regex', 'jsonPath', 'equalsRecorded', 'module'] as const
const onlyOne = `each assertion has one of ${checks.join(', ')}`

export const assertion = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, 'lower case, digits and dashes: it becomes the metric assert-<name>')
      .meta(about('Rules and reports call it assert-<name>')),
    contains: oneOrMore.optional().meta(about('Text that an answer must have, or several, all of them')),
    notContains: oneOrMore.optional().meta(about('Text that no answer may have, or several')),
    ignoreCase: z.boolean().optional().meta(about('Whether those may be in upper or lower case')),
    regex: z.string().optional().meta(about('Regular expression that is found in the answer')),
    flags: z
      .string()
      .regex(/^[imsuv]*$/, 'flags are some of i, m, s, u, v')
      .optional()
      .meta(about('Of the regular expression')),
    jsonPath: z.string().optional().meta(about('JSONPath (RFC 9535) that finds something in the answer as JSON')),
    equals: z.json().optional().meta(about('What that has to be')),
    equalsRecorded: z
      .literal(true)
      .optional()
      .meta(about("The answer is the log's own, but for white space at its end")),
    module: z
      .string()
      .optional()
      .meta(about('File, relative to this one, of a function (answer, record) that returns true or false')),
    export: z.string().optional().meta(about("The function's name there; default without it")),
    segment: z.strictObject({ key: z.string(), value: z.string() }).optional().meta(about('For this segment alone')),
    margin: margin.optional().meta(about('How much rarer than in production is too rare: 1% is one percentage point')),
    severity: z
      .enum(['block', 'investigate', 'warn'])
      .default('block')
      .meta(about('What it does when the candidate satisfies it more rarely')),
  })
  .superRefine((given, context) => {
    const refuse = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message })
    const present = checks.filter((check) => given[check] !== undefined)
    if (present.length !== 1) refuse(present[1] ?? 'name', onlyOne)
    if (given.equals !== undefined && given.jsonPath === undefined) refuse('equals', 'equals belongs to jsonPath')
    if (given.flags !== undefined && given.regex === undefined) refuse('flags', 'flags belong to regex')
    if (given.export !== undefined && given.module === undefined) refuse('export', 'export belongs to module')
    if (given.ignoreCase !== undefined && given.contains === undefined && given.notContains === undefined)
      refuse('ignoreCase', 'ignoreCase belongs to contains and notContains; a regex has flags')
  })

type AssertionConfig = z.infer<typeof assertion>

/** Fault: BAD_ASSERTION for a pattern, a path or a module that can't be read, or two of one name. */
export function assertionsOf(
  given: readonly AssertionConfig[],
  { file, folder }: { readonly file: string; readonly folder: string },
): Assertion[] {
  return given.map((each, index) => {
    const place = `${file} assertions[${index}]`
    if (given.findIndex(({ name }) => name === each.name) < index)
      throw new Fault('BAD_ASSERTION', `there are two called ${each.name}`, { place: `${place}.name` })
    return { name: each.name, segment: each.segment ?? null, check: checkIn(each, { place, folder }) }
  })
}

/** A promise about each: not satisfied more rarely than by production, whatever share that is. */
export function assertionRules(given: readonly AssertionConfig[]): Rule[] {
  return given.map(({ name, margin: own = 0.01, severity }) => ({
    metric: assertionName({ name }),
    segment: null,
    margin: own,
    severity,
    mode: 'worse',
    stage: 'replay',
  }))
}

function checkIn(given: AssertionConfig, { place, folder }: { place: string; folder: string }): AssertionCheck {
  const { contains, notContains, ignoreCase = false, regex, flags = '', jsonPath, equals, module } = given
  if (contains !== undefined) return { kind: 'contains', texts: list(contains), ignoreCase }
  if (notContains !== undefined) return { kind: 'not-contains', texts: list(notContains), ignoreCase }
  if (regex !== undefined) {
    requireReadable(() => new RegExp(regex, flags), `${place}.regex`)
    return { kind: 'regex', pattern: regex, flags }
  }
  if (jsonPath !== undefined) {
    requireReadable(() => query(null, jsonPath), `${place}.jsonPath`)
    return { kind: 'json-path', path: jsonPath, ...(equals !== undefined && { equals }) }
  }
  if (module === undefined) return { kind: 'equals-recorded' }
  const sha256 = moduleSha256(module, { folder, place: `${place}.module` })
  return { kind: 'module', file: module, name: given.export ?? 'default', sha256 }
}

function list(texts: string | readonly string[]): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts
}

function requireReadable(read: () => unknown, place: string): void {
  try {
    read()
  } catch (error) {
    const why = thrownMessage(error)
    throw new Fault('BAD_ASSERTION', why, { place, cause: error })
  }
}
