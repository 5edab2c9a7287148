// A user's vote as a client posts it, answered.

import type { ServerResponse } from 'node:http'
import type { Json } from '../../core/types.ts'
import { type Feedback, feedbackIn } from './feedback.ts'
import { refuse } from './refuse.ts'

/** Whether the answer is known is told to nobody: an id is no secret, and what it was worth is not theirs. */
export function takeFeedback(body: Json, response: ServerResponse, onFeedback: (feedback: Feedback) => void): void {
  const feedback = feedbackIn(body)
  if (feedback === null) {
    const message = 'feedback takes { "id": <x-shadowgate-id>, "score": 0 to 1, true, false, "up" or "down" }'
    refuse(response, { status: 400, message })
    return
  }
  onFeedback(feedback)
  response.writeHead(202, { 'content-type': 'application/json' })
  response.end('{"ok":true}')
}
