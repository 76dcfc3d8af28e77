/** An invalid regular expression, or one whose meaning a grammar cannot express. The message names the construct. */
export class PatternError extends Error {}
