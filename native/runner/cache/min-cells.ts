/** Fewer cells than this are evaluated about as fast as they are saved or restored. */
export const MIN_CELLS = 16;
