/**
 * What a key may be used for, each including what comes before: using models, changing which there are, keys and the server itself
 * (docs/behaviour: keys §3).
 */
export const SCOPES = ["infer", "manage", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

/** Does one of the scopes include what is needed? */
export const covers = (held: readonly Scope[], needed: Scope): boolean =>
  held.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed));
