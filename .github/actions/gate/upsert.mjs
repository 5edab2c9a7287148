// Exactly one comment: finds ours among all, renews it, or makes the first.
// @ts-check

import { ApiError, waited } from './api.mjs'

/**
 * @typedef {object} Notes how a forge lists and writes comments
 * @property {() => Promise<string | null>} find the id of ours; null where there is none
 * @property {(id: string) => Promise<string>} renew gives the comment's address
 * @property {() => Promise<string>} create gives the comment's address; tries once where the outcome is uncertain
 */

/**
 * Throws ApiError. A creation whose answer was lost may have happened: we look before we try again, and never leave two.
 * @param {Notes} notes
 * @returns {Promise<string>}
 */
export async function upsert(notes) {
  for (let number = 1; ; number += 1) {
    const id = await notes.find()
    try {
      return id === null ? await notes.create() : await notes.renew(id)
    } catch (error) {
      const isGone = error instanceof ApiError && id !== null && error.status === 404
      const isLost = error instanceof ApiError && id === null && error.isUncertain
      if (number === 3 || !(isGone || isLost)) throw error
      await waited(error.pauseMs)
    }
  }
}
