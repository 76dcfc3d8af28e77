import { keepAliveOf, optionsOf, type Translated } from "../../inference/request-options.ts";
import type { GenerateIntent } from "../../intent/generate.ts";
import type { RunOptions } from "../../intent/option-table.ts";
import { defined } from "../../lib/defined.ts";
import { RequestError } from "./request-error.ts";
import type { ChatCompletionRequest } from "./schema/chat.ts";
import type { CompletionRequest } from "./schema/completion.ts";

type Body = ChatCompletionRequest | CompletionRequest;

/** An empty list keeps the model's own stop strings: clients send one when they mean none. */
const stopOf = ({ stop = [] }: Body): { stop?: string[] } => {
  const texts = typeof stop === "string" ? [stop] : stop;
  return texts.length === 0 ? {} : { stop: texts };
};

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

function biasOf({ logit_bias = {} }: Body): { logitBias?: [token: number, bias: number][] } {
  const biases = Object.entries(logit_bias).map(([token, bias]): [number, number] => [Number(token), bias]);
  return biases.length > 0 ? { logitBias: biases } : {};
}

/** Options beside OpenAI's own fields. */
function localOptionsOf(body: Body) {
  const { top_k, min_p, typical_p, repeat_last_n, num_ctx } = body;
  const repeat_penalty = body.repeat_penalty ?? body.repetition_penalty;
  return defined({ top_k, min_p, typical_p, repeat_last_n, repeat_penalty, num_ctx });
}

/** OpenAI's own fields come before Ollama's `options`, and both before the model's PARAMETERs. */
function runOptionsOf(body: Body): Translated<RunOptions> {
  const { intent, notices } = optionsOf({ ...body.options, ...localOptionsOf(body) });
  const { seed, temperature, top_p, frequency_penalty, presence_penalty } = body;
  const own = defined({ seed, temperature, top_p, frequency_penalty, presence_penalty });
  return { intent: { ...intent, ...own, ...stopOf(body), ...limitOf(body) }, notices };
}

/** The model of a request. @throws RequestError where there is none, or its name is blank. */
export function requiredModel({ model = "" }: { model?: string }): string {
  if (model.trim() === "") throw new RequestError("model", "model is required");
  return model;
}

type Shared = Pick<GenerateIntent, "model" | "options" | "truncate" | "keepAlive" | "logitBias">;

/** The common part of requests for text. @throws AppError `bad_request`. */
export function sharedIntent(body: Body): Translated<Shared> {
  const model = requiredModel(body);
  const { intent: options, notices } = runOptionsOf(body);
  const intent: Shared = {
    model,
    options,
    truncate: body.truncate ?? true,
    ...biasOf(body),
    ...keepAliveOf(body),
  };
  return { intent, notices };
}
