import {
  keepAliveOf,
  MAX_TOP_LOGPROBS,
  optionsOf,
  type Translated,
} from "../../inference/request-options.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import type { RunOptions } from "../../intent/options.ts";
import type { ChatCompletionRequest } from "./model/chat.ts";
import type { CompletionRequest } from "./model/completion.ts";
import { RequestError } from "./request-error.ts";

type Body = ChatCompletionRequest | CompletionRequest;

/** Most answers to one request, as at OpenAI: each waits for a slot of its own. */
export const MAX_ANSWERS = 128;

const isText = (value: unknown): value is string => typeof value === "string";

function integerIn(param: string, value: unknown, min: number, max: number): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new RequestError(param, `${param} must be an integer between ${min} and ${max}`);
}

/** How many answers to a prompt are asked for. */
export const answersOf = ({ n }: Body): number => (n === undefined ? 1 : integerIn("n", n, 1, MAX_ANSWERS));

/** The number of alternatives, which both endpoints limit. */
export function topLogprobsOf(param: string, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MAX_TOP_LOGPROBS)
    return value;
  throw new RequestError(param, `${param} must be between 0 and ${MAX_TOP_LOGPROBS}`);
}

function stopOf(stop: unknown): { stop?: string[] } {
  if (stop === undefined) return {};
  if (isText(stop)) return { stop: [stop] };
  if (Array.isArray(stop) && stop.every(isText)) return { stop };
  throw new RequestError("stop", "stop must be a string or an array of strings");
}

function limitOf(body: Body): { num_predict?: number } {
  const newer = "max_completion_tokens" in body ? body.max_completion_tokens : undefined;
  const limit = newer ?? body.max_tokens;
  if (limit === undefined) return {};
  if (limit === 0) {
    const param = newer === undefined ? "max_tokens" : "max_completion_tokens";
    throw new RequestError(param, `${param} must be at least 1`);
  }
  return { num_predict: limit };
}

function biasOf(bias: unknown): { logitBias?: [token: number, bias: number][] } {
  if (bias === undefined) return {};
  const wrong = new RequestError(
    "logit_bias",
    "logit_bias must map token ids to numbers between -100 and 100",
  );
  if (typeof bias !== "object" || bias === null || Array.isArray(bias)) throw wrong;
  const biases = Object.entries(bias).map(([token, value]): [number, number] => {
    if (!/^\d+$/.test(token) || typeof value !== "number" || Math.abs(value) > 100) throw wrong;
    return [Number(token), value];
  });
  return biases.length > 0 ? { logitBias: biases } : {};
}

/** The fields that are there. */
export const said = <T extends object>(fields: T): { [Key in keyof T]?: NonNullable<T[Key]> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: NonNullable<T[Key]>;
  };

/** OpenAI's own fields come before Ollama's `options`, and both before the model's PARAMETERs. */
function runOptionsOf(body: Body): Translated<RunOptions> {
  const { intent, notices } = optionsOf(body.options);
  const { seed, temperature, top_p, frequency_penalty, presence_penalty } = body;
  const own = said({ seed, temperature, top_p, frequency_penalty, presence_penalty });
  return { intent: { ...intent, ...own, ...stopOf(body.stop), ...limitOf(body) }, notices };
}

type Shared = Pick<GenerateIntent, "model" | "options" | "truncate" | "keepAlive" | "logitBias">;

/** What requests for text have in common. @throws AppError `bad_request`. */
export function sharedIntent(body: Body): Translated<Shared> {
  if (body.stream_options !== undefined && body.stream !== true) {
    throw new RequestError("stream_options", "stream_options is only allowed when stream is true");
  }
  const { intent: options, notices } = runOptionsOf(body);
  const intent: Shared = {
    model: body.model ?? "",
    options,
    truncate: body.truncate ?? true,
    ...biasOf(body.logit_bias),
    ...keepAliveOf(body),
  };
  return { intent, notices };
}
