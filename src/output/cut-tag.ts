/** Fewer characters than this are more likely to be text, such as the sign for "less than". */
const LEAST = 3;

/** The warning about an answer that ended within a tag. */
export const CUT_TAG = "the answer broke off within a tag";

/** Is the end of an answer the beginning of a tag, rather than text that looks like one? */
export const isCutTag = (end: string): boolean => end.length >= LEAST;
