// What people decided about the changes of the run.
/** @jsxImportSource preact */

import { count } from '../format.ts'
import type { ReviewLine } from '../model/reviews.ts'

/** So many are read; regressions stand first. */
const mostRows = 100

export function ReviewsSection({ reviews }: { reviews: readonly ReviewLine[] }) {
  if (reviews.length === 0) return null
  return (
    <section id="reviews" aria-labelledby="reviews-title">
      <h2 id="reviews-title">Reviews</h2>
      <div class="scroll" role="region" aria-labelledby="reviews-caption" tabIndex={0}>
        <table class="clusters">
          <caption id="reviews-caption">What people decided about these changes</caption>
          <thead>
            <tr>
              <th scope="col">Decision</th>
              <th scope="col">Change</th>
              <th scope="col">Pairs</th>
              <th scope="col">By</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {reviews.slice(0, mostRows).map(({ mark, what, number, by, reason, follows }) => (
              <tr>
                <th scope="row">
                  {mark.symbol} {mark.word}, {follows}
                </th>
                <td>{what}</td>
                <td>{number}</td>
                <td>{by}</td>
                <td>{reason ?? '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {reviews.length > mostRows && <p class="after">and {count(reviews.length - mostRows)} more in verdict.json</p>}
    </section>
  )
}
