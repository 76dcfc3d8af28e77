import { defined } from "../lib/defined.ts";
import { badRequest } from "../lib/errors.ts";
import { type ModelName, parseModelName } from "./name.ts";

/** A model as a client wrote it. */
export interface ModelReference {
  /** The client's text, trimmed; for messages. "" when no model was named. */
  readonly raw: string;
  /** Undefined when the text, without its selector, is no model name. */
  readonly name?: ModelName;
  /** Where the client wants the model to run, if it says so. */
  readonly source?: "cloud" | "local";
}

type Selected = Pick<ModelReference, "source"> & { rest: string };

/** Takes one source selector off the end: `:cloud`, `:local`, or `-cloud` at the end of a tag. A name has no other tag then. */
function takeSelector(text: string): Selected {
  const [, rest = "", source = ""] = /^(.*):(cloud|local)$/is.exec(text) ?? [];
  if (source !== "") return { rest, source: source.toLowerCase() === "cloud" ? "cloud" : "local" };
  const tagged = /^(.*:[^:/]*)-cloud$/is.exec(text);
  return tagged === null ? { rest: text } : { rest: tagged[1] ?? "", source: "cloud" };
}

/**
 * Reads a model reference of a request (docs/behaviour: api-native §1.4). `foo-cloud` without a colon is an ordinary name.
 *
 * @throws AppError `bad_request` when there are two selectors.
 */
export function parseModelReference(text: string): ModelReference {
  const raw = text.trim();
  const { rest, source } = takeSelector(raw);
  if (source !== undefined && takeSelector(rest).source !== undefined) {
    throw badRequest(`use either :local or :cloud, not both: "${raw}"`);
  }
  const name = parseModelName(rest);
  return { raw, ...defined({ name, source }) };
}
