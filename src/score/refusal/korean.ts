// How Korean declines.

import type { Language } from './rule.ts'

export const korean: Language = {
  language: 'Korean',
  declines: [
    /(?:죄송|미안|유감)[^.。]{0,80}(?:도와\s?드릴\s?수|도울\s?수|제공(?:해\s?드릴|할|해드릴)\s?수|답변(?:해\s?드릴|할|을 드릴|드릴)\s?수|응답(?:할)?\s?수|작성(?:해\s?드릴|할)\s?수|지원(?:할|해\s?드릴)\s?수|들어드릴\s?수|응할\s?수)(?:는|가)?\s?없/,
    /(?:도와\s?드릴\s?수|도울\s?수|제공(?:해\s?드릴|할)\s?수|답변(?:해\s?드릴|드릴|할)\s?수)(?:는|가)?\s?없/,
  ],
}
