/** The start of a digest, as tables show it. */
export const shortId = (digest: string): string => digest.slice(0, 12);

/** The models whose names begin so, in any case. */
export const withPrefix = <Model extends { name: string }>(
  models: readonly Model[],
  prefix: string,
): Model[] => models.filter(({ name }) => name.toLowerCase().startsWith(prefix.toLowerCase()));
