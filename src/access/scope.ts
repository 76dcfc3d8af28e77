/**
 * The scopes of keys, each including the ones before it: using models, changing which models there are, managing keys and the server
 * (docs/behaviour: keys §3).
 */
export const SCOPES = ["infer", "manage", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

/** Does one of the scopes include what is needed? */
export const covers = (held: readonly Scope[], needed: Scope): boolean =>
  held.some((scope) => SCOPES.indexOf(scope) >= SCOPES.indexOf(needed));
