// When this house looks: by itself, since settings name it, and nobody should load distributions to read a config.

/** Shares of the most pairs at which this house looks. */
export const defaultLooks: readonly number[] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1]
