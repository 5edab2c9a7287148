// The facts that there are: an explicit list.

import type { Rule } from '../rule.ts'
import { claudeModelRules } from './claude-models.ts'
import { geminiModelRules } from './gemini-models.ts'
import { openaiModelRules } from './openai-models.ts'
import { serverRules } from './servers.ts'

export const rules: readonly Rule[] = [...openaiModelRules, ...claudeModelRules, ...geminiModelRules, ...serverRules]
