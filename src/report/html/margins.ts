// The lines of an axis that counts in margins, beside no change (0) and a rule's limit (1).

export const marginMultiples = [2, 5]
