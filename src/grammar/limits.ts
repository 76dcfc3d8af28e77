/**
 * How far a schema may go. A grammar is parsed and walked by llama.cpp on the runner's only thread, so a hostile schema
 * would stall every other slot; past these limits the request is refused.
 */

/** llama.cpp refuses a larger minimum and silently drops a larger maximum (MAX_REPETITION_THRESHOLD in llama-grammar.cpp). */
export const MAX_REPETITION = 2000;

/** Largest enforced minLength, maxLength, minItems, maxItems; counts above {@link MAX_REPETITION} are nested. */
export const MAX_COUNT = 100_000;

/** Groups within groups of a pattern. */
export const MAX_GROUP_DEPTH = 64;

/** Levels of nesting in the schema's JSON, and subschemas on the way to one another. */
export const MAX_NESTING = 256;

/** Alternatives that combining allOf, anyOf and oneOf may produce at one place. */
export const MAX_ALTERNATIVES = 256;

/** Steps of that combining over the whole conversion, roughly what it costs to merge two subschemas, by their size. */
export const MAX_MERGE_WORK = 1_000_000;

/** Properties of one object, and states of the count that minProperties and maxProperties need. */
export const MAX_OBJECT_STATES = 2000;

/** Values of all enums together, in characters of JSON. */
export const MAX_ENUM_CHARS = 200_000;

/** States of one pattern's automaton, before and after it is made deterministic. */
export const MAX_NFA_STATES = 10_000;
export const MAX_DFA_STATES = 3000;

/** Steps that making one automaton deterministic may take. */
export const MAX_AUTOMATON_WORK = 1_000_000;

/** States of all automata of one grammar together. */
export const MAX_AUTOMATA_STATES = 10_000;

/** Bytes of the grammar's text. */
export const MAX_GRAMMAR_BYTES = 1_000_000;

/** Elements that llama.cpp makes of the grammar once repetitions are written out. */
export const MAX_ELEMENTS = 200_000;

/** Steps of llama.cpp's check for left recursion, which forgets what it has visited and so may grow exponentially. */
export const MAX_LEFTMOST_PATHS = 200_000;

/**
 * Digits of numbers without bounds, so that a model cannot go on with digits for ever. 18 digits fit a signed 64-bit integer;
 * 21 and 22 are the longest that JavaScript prints; two exponent digits keep every number a finite double.
 */
export const MAX_INTEGER_DIGITS = 18;
export const MAX_NUMBER_DIGITS = 21;
export const MAX_FRACTION_DIGITS = 22;
export const MAX_EXPONENT_DIGITS = 2;
