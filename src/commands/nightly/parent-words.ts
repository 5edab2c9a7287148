// What the scheduler says to a night's process over the channel between them: a service manager signals both, and a second signal means more.

export const tellToDrain = 'shadowgate: drain'
export const tellToLeave = 'shadowgate: leave'

/** The other way: the night has said what it came to, in the journal as far as that can be written. */
export const hasAccounted = 'shadowgate: accounted'
