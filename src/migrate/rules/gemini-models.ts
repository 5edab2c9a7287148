// What Google's models refuse of a generateContent, or read otherwise.

import type { JsonObject } from '../../core/types.ts'
import { arrayAt, objectAt, textAt } from '../../providers/shape.ts'
import { type Candidate, geminiVersion, isNamed } from '../candidate.ts'
import type { Rule } from '../rule.ts'
import { has, hasOther, numberAt } from './questions.ts'

const isGemini = ({ api }: Candidate) => api === 'gemini-generate-content'
const is25 = (candidate: Candidate) => isGemini(candidate) && geminiVersion(candidate) === 2.5
const isFrom3 = (candidate: Candidate) => isGemini(candidate) && (geminiVersion(candidate) ?? 0) >= 3

/** Bodies are in camelCase or in snake_case. */
function settings(body: JsonObject): JsonObject | null {
  return objectAt(body, 'generationConfig') ?? objectAt(body, 'generation_config')
}

function thinking(body: JsonObject): JsonObject | null {
  const config = settings(body)
  return objectAt(config, 'thinkingConfig') ?? objectAt(config, 'thinking_config')
}

function budget(body: JsonObject): number | null {
  const config = thinking(body)
  return numberAt(config, 'thinkingBudget') ?? numberAt(config, 'thinking_budget')
}

function levelOf(body: JsonObject): string | null {
  const config = thinking(body)
  return textAt(config, 'thinkingLevel') ?? textAt(config, 'thinking_level')
}

const nested = 'it stands inside generationConfig, which an override replaces as a whole'

export const geminiModelRules: readonly Rule[] = [
  {
    id: 'gemini-thinking-level',
    field: 'generationConfig',
    effect: 'rejects',
    about: is25,
    hits: (body) => levelOf(body) !== null,
    why: 'thinkingLevel is for Gemini 3 and later: “Thinking level is not supported for this model.”',
    source: 'https://github.com/RooCodeInc/Roo-Code/issues/10700',
    remedy: { kind: 'person', what: `a thinkingBudget instead, in the caller: ${nested}` },
  },
  {
    id: 'gemini-no-thinking',
    field: 'generationConfig',
    effect: 'rejects',
    about: (candidate) => is25(candidate) && isNamed(candidate, /^gemini-2\.5-pro/),
    hits: (body) => budget(body) === 0,
    why: 'thinking can’t be turned off for Gemini 2.5 Pro, which answers that it only works in thinking mode',
    source: 'https://github.com/vercel/ai/issues/8027',
    remedy: { kind: 'person', what: `a budget of 128 or more, or none named: ${nested}` },
  },
  {
    id: 'gemini-thinking-budget',
    field: 'generationConfig',
    effect: 'differs',
    about: isFrom3,
    hits: (body) => budget(body) !== null,
    why: 'a thinkingBudget is for Gemini 2.5; Gemini 3 and later are told a thinkingLevel',
    source: 'https://ai.google.dev/gemini-api/docs/thinking',
    remedy: { kind: 'person', what: `a thinkingLevel, in the caller: ${nested}` },
  },
  {
    id: 'gemini-penalty',
    field: 'generationConfig',
    effect: 'rejects',
    about: (candidate) => is25(candidate),
    hits: (body) =>
      ['presencePenalty', 'frequencyPenalty', 'presence_penalty', 'frequency_penalty'].some((field) =>
        hasOther(settings(body) ?? {}, field, 0),
      ),
    why: '“Penalty is not enabled for this model”, of any other value than 0',
    source: 'https://github.com/google-gemini/cookbook/issues/1290',
    remedy: { kind: 'person', what: `leave it out in the caller: ${nested}` },
  },
  {
    id: 'gemini-logprobs',
    field: 'generationConfig',
    effect: 'rejects',
    about: (candidate) => isGemini(candidate) && isNamed(candidate, /^gemini-3\.5-flash/),
    hits: (body) =>
      hasOther(settings(body) ?? {}, 'responseLogprobs', false) ||
      hasOther(settings(body) ?? {}, 'response_logprobs', false),
    why: '“Logprobs is not supported for this model.”',
    source: 'https://github.com/GoogleCloudPlatform/generative-ai/issues/2947',
    remedy: { kind: 'person', what: `leave it out in the caller: ${nested}` },
  },
  {
    id: 'gemini-safety',
    field: 'safetySettings',
    effect: 'differs',
    about: isGemini,
    hits: (body) => has(body, 'safetySettings') || arrayAt(body, 'safety_settings').length > 0,
    why: 'a threshold blocks by how probable harm is, as that model judges it; another one judges otherwise',
    source: 'https://ai.google.dev/gemini-api/docs/safety-settings',
    remedy: { kind: 'none' },
  },
]
