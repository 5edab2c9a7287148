// A user's own pattern as a detector. It runs on text of strangers, so it is matched in linear time: RE2, not the platform's.

import { RE2JS } from 're2js'
import { thrownMessage } from '../../core/fault.ts'
import type { Detector, Span } from './detector.ts'

export interface PatternOptions {
  readonly name: string
  /** In RE2's syntax: no look-around, no references back. */
  readonly regex: string
}

/** Throws where the pattern cannot be read; `whyUnreadable` says it beforehand. */
export function patternDetector({ name, regex }: PatternOptions): Detector {
  const compiled = RE2JS.compile(regex)
  return {
    kind: name,
    plural: `of ${name}`,
    needs: /(?:)/,
    find: (text) => {
      const spans: Span[] = []
      const matcher = compiled.matcher(text)
      while (matcher.find()) {
        const value = matcher.group() ?? ''
        if (value !== '') spans.push({ start: matcher.start(), end: matcher.end(), value })
      }
      return spans
    },
  }
}

/** What is wrong with a pattern; null where it can be used. */
export function whyUnreadable(regex: string): string | null {
  try {
    return RE2JS.matches(regex, '') ? 'it matches the empty text' : null
  } catch (error) {
    const why = thrownMessage(error)
    return `${why} (RE2 syntax: no look-around, no references back)`
  }
}
