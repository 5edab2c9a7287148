// What people decided about the changes of the run.
/** @jsxImportSource preact */

import type { ReviewLine } from '../model/reviews.ts'

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
            {reviews.map(({ mark, what, pairs, by, reason, follows }) => (
              <tr>
                <th scope="row">
                  {mark.symbol} {mark.word}, {follows}
                </th>
                <td>{what}</td>
                <td>{pairs}</td>
                <td>{by}</td>
                <td>{reason ?? '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
