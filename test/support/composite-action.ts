// Runs a composite action's steps in order, as GitHub's runner does, with the language's own evaluator for expressions.

import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import { type Ran, runStep } from './gate-script.ts'

export interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
}

export interface Action {
  readonly name: string
  readonly description: string
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

interface Contexts {
  readonly inputs: Readonly<Record<string, string>>
  readonly github: Readonly<Record<string, string>>
  readonly steps: Record<string, { outputs: Readonly<Record<string, string>> }>
}

/** A text with its `${{ }}` filled in. */
export function filled(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{([^]*?)\}\}/g, (_, expression: string) => valueOf(expression, contexts).coerceString())
}

function valueOf(expression: string, contexts: Contexts): data.ExpressionData {
  const tokens = new Lexer(expression.trim()).lex().tokens
  const parsed = new Parser(tokens, Object.keys(contexts), []).parse()
  return new Evaluator(parsed, asData(contexts) as data.Dictionary).evaluate()
}

function asData(value: unknown): data.ExpressionData {
  if (typeof value !== 'object' || value === null) return new data.StringData(String(value))
  return new data.Dictionary(...Object.entries(value).map(([key, each]) => ({ key, value: asData(each) })))
}

export interface RanAction {
  /** Of the step that failed; 0 where none did. */
  readonly status: number | null
  readonly outputs: Readonly<Record<string, string>>
  readonly log: string
  readonly summary: string
  /** What the steps that use other actions were given, by name. */
  readonly used: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface Runner {
  readonly workspace: string
  readonly actionPath: string
  readonly inputs: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  readonly github: Readonly<Record<string, string>>
  /** Outputs of steps that use other actions, by step id. */
  readonly others: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** Stops at the first step that fails. */
export async function runAction(action: Action, runner: Runner): Promise<RanAction> {
  const github = { ...runner.github, action_path: runner.actionPath }
  const inputs: Record<string, string> = {}
  for (const [name, { default: fallback }] of Object.entries(action.inputs)) {
    inputs[name] = runner.inputs[name] ?? filled(fallback ?? '', { inputs, github, steps: {} })
  }
  const contexts: Contexts = { inputs, github, steps: {} }
  const used: Record<string, Readonly<Record<string, string>>> = {}
  const [log, summaries]: [string[], string[]] = [[], []]
  let status: number | null = 0
  for (const step of action.runs.steps) {
    if (step.if !== undefined && filled(step.if, contexts) !== 'true') continue
    if (step.uses !== undefined) {
      used[step.name] = filledAll(step.with ?? {}, contexts)
      if (step.id !== undefined) contexts.steps[step.id] = { outputs: runner.others[step.id] ?? {} }
      continue
    }
    const ran = await runShell(step, runner, contexts)
    log.push(ran.stdout, ran.stderr)
    summaries.push(ran.summary)
    if (step.id !== undefined) contexts.steps[step.id] = { outputs: ran.outputs }
    status = ran.status
    if (status !== 0) break
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, filled(value, contexts)])
  return { status, outputs: Object.fromEntries(outputs), log: log.join(''), summary: summaries.join(''), used }
}

/** `shell: bash` of a step is this command line, by GitHub's documentation. */
function runShell(step: Step, runner: Runner, contexts: Contexts): Promise<Ran> {
  const words = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', filled(step.run ?? '', contexts)]
  return runStep(words, runner.workspace, {
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION_PATH: runner.actionPath,
    GITHUB_WORKSPACE: runner.workspace,
    ...runner.env,
    ...filledAll(step.env ?? {}, contexts),
  })
}

function filledAll(texts: Readonly<Record<string, unknown>>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, filled(String(text), contexts)]))
}
