import type { KeyLimits } from "./known-key.ts";

/** A span of the clock in which tokens are counted. */
export interface Window {
  /** The same text on every server that counts the same. */
  name: string;
  /** Most tokens. */
  limit: number;
  /** Milliseconds since the epoch. */
  endsAt: number;
  span: "minute" | "day";
}

const SPANS = { minute: 60_000, day: 86_400_000 } as const;

/** The windows that a key's limits look at now: minutes and days of the clock, in UTC. */
export function windowsOf(
  keyId: string,
  { tokensPerMinute, tokensPerDay }: KeyLimits,
  now: number,
): Window[] {
  const windowOf = (span: keyof typeof SPANS, limit: number | undefined): Window[] => {
    if (limit === undefined) return [];
    const at = Math.floor(now / SPANS[span]);
    return [{ name: `${keyId}:${span}:${at}`, limit, endsAt: (at + 1) * SPANS[span], span }];
  };
  return [...windowOf("minute", tokensPerMinute), ...windowOf("day", tokensPerDay)];
}
