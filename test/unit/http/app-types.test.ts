import { expect, test } from "bun:test";
import type { Treaty } from "@elysiajs/eden";
import type { App } from "../../../src/http/routes/all.ts";

/**
 * What a typed client of the OpenAI and Anthropic dialects sees. Checked by `tsc`, not by running: each line stops compiling when a
 * field loses its type, because `any` and `unknown` are equal to nothing but themselves.
 */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_Holds extends true>(): void => {};

type V1 = Treaty.Create<App>["v1"];
type Body<Route extends (...args: never[]) => unknown> = NonNullable<Parameters<Route>[0]>;
type Element<List> = List extends (infer One)[] ? One : never;
type JsonObject = Record<string, unknown>;

type Chat = Body<V1["chat"]["completions"]["post"]>;
type Completion = Body<V1["completions"]["post"]>;
type Embedding = Body<V1["embeddings"]["post"]>;
type Responses = Body<V1["responses"]["post"]>;
type Messages = Body<V1["messages"]["post"]>;

const openai = () => {
  type Message = Element<Chat["messages"]>;
  type Part = Element<Exclude<Message["content"], string | undefined>>;
  is<Equal<Extract<Part, { type: "text" }>["text"], string>>();
  is<Equal<Extract<Part, { type: "refusal" }>["refusal"], string>>();
  type Tool = Extract<Element<Chat["tools"]>, { function: unknown }>;
  is<Equal<Tool["function"]["name"], string>>();
  is<Equal<Tool["function"]["parameters"], JsonObject | null | undefined>>();
  is<Equal<Extract<Chat["tool_choice"], string>, "none" | "auto" | "required">>();
  is<Equal<NonNullable<Chat["response_format"]>["type"], "text" | "json_object" | "json_schema">>();
  is<Equal<Chat["stop"], string | string[] | undefined>>();
  is<Equal<Chat["n"], number | undefined>>();
  is<Equal<Chat["logit_bias"], Record<string, number> | undefined>>();
  is<Equal<NonNullable<Chat["options"]>["num_ctx"], number | null | undefined>>();
  // What is refused whatever it says cannot be written down.
  is<Equal<Chat["functions"], undefined>>();
  is<Equal<Completion["prompt"], string | number[] | (string | number[])[] | undefined>>();
  is<Equal<Embedding["encoding_format"], "float" | "base64" | undefined>>();
};

const responses = () => {
  type Item = Element<Exclude<Responses["input"], string | undefined>>;
  is<Equal<Extract<Item, { type: "function_call" }>["arguments"], string>>();
  type Tool = Element<Responses["tools"]>;
  is<Equal<Extract<Tool, { tools: unknown }>["type"], "namespace">>();
  is<Equal<Extract<Tool, { type: "custom" }>["name"], string>>();
  is<Equal<Extract<Responses["tool_choice"], string>, "none" | "auto" | "required">>();
  is<Equal<Responses["metadata"], Record<string, string> | undefined>>();
  is<Equal<Responses["truncation"], "auto" | "disabled" | undefined>>();
};

const anthropic = () => {
  type Message = Element<Messages["messages"]>;
  is<Equal<Message["role"], "user" | "assistant" | "system">>();
  type Block = Element<Exclude<Message["content"], string | undefined>>;
  is<Equal<Extract<Block, { type: "tool_use" }>["input"], JsonObject>>();
  is<Equal<Extract<Block, { type: "tool_result" }>["tool_use_id"], string>>();
  type Tool = Extract<Element<Messages["tools"]>, { input_schema: unknown }>;
  is<Equal<Tool["input_schema"]["type"], "object">>();
  is<Equal<NonNullable<Messages["tool_choice"]>["type"], "auto" | "any" | "none" | "tool">>();
  is<Equal<NonNullable<Messages["thinking"]>["type"], "enabled" | "adaptive" | "disabled">>();
  is<Equal<NonNullable<Messages["output_format"]>["schema"], JsonObject>>();
};

test("types (checked by the compiler)", () => {
  expect([openai, responses, anthropic].every((check) => typeof check === "function")).toBe(true);
});
