// GitHub's own parser of workflows: it imports JSON as bundlers do, which Node takes with a word more.

import { registerHooks } from 'node:module'

registerHooks({
  resolve: (specifier, context, next) => {
    const found = next(specifier, context)
    const isTheirs = found.url.includes('/@actions/workflow-parser/') && found.url.endsWith('.json')
    return isTheirs ? { ...found, importAttributes: { type: 'json' } } : found
  },
})

const { NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser')

/** What GitHub would say of a workflow; nothing where it takes it. */
export function workflowErrors(content: string): readonly string[] {
  const { context } = parseWorkflow({ name: 'night.yml', content }, new NoOperationTraceWriter())
  return context.errors.getErrors().map(({ message }) => message)
}
