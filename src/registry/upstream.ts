import { AppError } from "../lib/errors.ts";

/** What a registry, or the way to it, did wrong. */
export const upstream = (message: string, cause?: unknown): AppError =>
  new AppError("upstream", message, cause === undefined ? {} : { cause });

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
