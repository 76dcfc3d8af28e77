import type { Think } from "../../intent/generate.ts";
import { RequestError } from "./request-error.ts";

/** How hard to think (spec: api-openai §3.1). */
const EFFORTS: Record<string, Think> = {
  none: false,
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "max",
  ultra: "max",
  max: "max",
};
const EFFORT_VALUES = '"minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none"';

/** @param param names the field in the error. @throws AppError `bad_request` for an effort that there is not. */
export function effortOf(param: string, effort: unknown): { think?: Think } {
  if (effort === undefined || effort === "") return {};
  const think = typeof effort === "string" && Object.hasOwn(EFFORTS, effort) ? EFFORTS[effort] : undefined;
  if (think !== undefined) return { think };
  throw new RequestError(
    param,
    `invalid reasoning value: ${JSON.stringify(effort)} (must be ${EFFORT_VALUES})`,
  );
}
