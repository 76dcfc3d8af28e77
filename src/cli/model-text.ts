/** The start of a digest, as tables show it. */
export const shortId = (digest: string): string => digest.slice(0, 12);

/** Names are matched without regard to case, by `list` and `ps` alike. */
export const hasPrefix = (name: string, prefix: string): boolean =>
  name.toLowerCase().startsWith(prefix.toLowerCase());
