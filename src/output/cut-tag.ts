/** Fewer characters are more likely to be text, the sign for "less than" for one. */
const LEAST = 3;

/** What a log says of such an end. */
export const CUT_TAG = "the answer broke off within a tag";

/** Is what an answer has ended with the beginning of a tag, rather than text that looks like one? */
export const isCutTag = (end: string): boolean => end.length >= LEAST;
