import { RequestError } from "./request-error.ts";

/** Refuses fields that nothing here can honour, whatever they say. @param reasons the reason by field. */
export function refuseFields(body: object, reasons: Record<string, string>): void {
  for (const [field, why] of Object.entries(reasons)) if (field in body) throw new RequestError(field, why);
}

/** Refuses the service tiers that cost more, or less. */
export function refuseTier(tier = "auto"): void {
  if (tier === "auto" || tier === "default") return;
  throw new RequestError(
    "service_tier",
    `service_tier ${JSON.stringify(tier)} is not supported: there is one tier`,
  );
}

/** @param param names the field. */
export function refuseVerbosity(param: string, verbosity = "medium"): void {
  if (verbosity !== "medium") {
    throw new RequestError(param, `${param} is not supported: ask for short or long answers`);
  }
}
