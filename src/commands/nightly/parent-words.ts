// What the scheduler says to a night's process over the channel between them: a service manager signals both, and a second signal means more.

export const tellToDrain = 'shadowgate: drain'
export const tellToLeave = 'shadowgate: leave'
