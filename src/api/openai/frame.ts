import type { Clock } from "../../lib/clock.ts";
import { randomId } from "../../lib/random-id.ts";
import type { NoticeBoard } from "../wire/notice-board.ts";

/** The common fields of all objects of one reply. */
export interface ReplyFrame {
  head: { id: string; created: number; model: string; system_fingerprint: string };
  /** How many answers each prompt has. */
  answers: number;
  /** Does the client want token counts in its stream? */
  includeUsage: boolean;
  notices: NoticeBoard;
  /** Names of the tools whose calls are of one text. */
  customTools: ReadonlySet<string>;
}

export const unixSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** @param prefix of the id, e.g. `chatcmpl`. */
export const headOf = (prefix: string, model: string, clock: Clock): ReplyFrame["head"] => ({
  id: `${prefix}-${randomId()}`,
  created: unixSeconds(clock.now()),
  model,
  system_fingerprint: "fp_ollama",
});

/** The field `warnings`; absent where there are none. */
export const warned = (warnings: readonly string[]): { warnings?: string[] } =>
  warnings.length > 0 ? { warnings: [...warnings] } : {};
