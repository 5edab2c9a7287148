// Which answers are an arm's failure, that another target or production may mend, and how long their text is waited for.

/** Down, without room, or not to be had with the arm's own key. `hasOwnKey`: a key that is refused is the arm's, not the client's. */
export function isFailure(status: number, hasOwnKey: boolean): boolean {
  return status >= 500 || status === 429 || (hasOwnKey && (status === 401 || status === 403 || status === 404))
}

/** An error's text comes with its head. One that drips, or never ends, must not keep a user from whoever answers in its place. */
export const errorTextMs = 1000
