import { expect, test } from "bun:test";
import {
  type ChatChunk,
  type ChatRequest,
  createClient,
  type LlameroError,
  type SystemOneAnswer,
  type SystemOneQuestion,
} from "llamero/client";

/**
 * Checked by `tsc`, not by running: each line stops compiling when a route loses its type, because `any` and `unknown` are
 * equal to nothing but themselves.
 */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Data<R> = NonNullable<
  Awaited<R> extends infer Result ? (Result extends { error: null; data: infer D } ? D : never) : never
>;
/** What /api/version answers. */
type Version = { version: string; llamero_version?: string };

const is = <_Holds extends true>(): void => {};

const client = createClient({ host: "http://fake", fetch: async () => new Response("{}") });
const { api, v1 } = client;

const replies = () => {
  // Brings the example before the compiler; it exports nothing.
  is<Equal<keyof typeof import("../../../examples/chat.ts"), never>>();
  is<Equal<Data<ReturnType<typeof api.version.get>>, Version>>();
  is<Equal<Data<ReturnType<typeof api.tags.get>>["models"][number]["size"], number>>();
  is<Equal<Data<ReturnType<typeof api.ps.get>>["models"][number]["expires_at"], string>>();
  is<Equal<Data<ReturnType<typeof api.show.post>>["details"]["families"], string[] | null>>();
  is<Equal<Data<ReturnType<typeof api.chat.post>>["message"]["content"], string>>();
  is<Equal<Data<ReturnType<typeof api.generate.post>>["response"], string>>();
  is<Equal<Data<ReturnType<typeof api.embed.post>>["embeddings"], number[][]>>();
  is<Equal<Data<ReturnType<typeof api.embeddings.post>>["embedding"], number[]>>();
  is<Equal<Data<ReturnType<typeof api.create.post>>["status"], string>>();
  is<Equal<SystemOneAnswer["type"], "noul" | "choice" | "score">>();
  is<Equal<Extract<SystemOneAnswer, { type: "choice" }>["probabilities"], Record<string, number>>>();
  is<Equal<Data<ReturnType<typeof v1.decisions.post>>["usage"]["total_tokens"], number>>();
};

type Options = NonNullable<ChatRequest["options"]>;
type Tool = NonNullable<ChatRequest["tools"]>[number];

const requests = () => {
  is<Equal<ChatRequest["think"], boolean | "low" | "medium" | "high" | "max" | undefined>>();
  is<Equal<NonNullable<ChatRequest["messages"]>[number]["content"], string | undefined>>();
  is<Equal<ChatRequest["keep_alive"], string | number | undefined>>();
  is<Equal<ChatRequest["format"], "json" | "" | Record<string, unknown> | undefined>>();
  is<Equal<Options["num_ctx"], number | null | undefined>>();
  is<Equal<Options["stop"], string[] | null | undefined>>();
  is<Equal<NonNullable<Tool["function"]>["parameters"], Record<string, unknown> | null | undefined>>();
  is<Equal<Extract<ChatRequest["tool_choice"], string>, "none" | "auto" | "required">>();
  is<Equal<Parameters<typeof api.embed.post>[0]["input"], string | string[] | undefined>>();
  is<Equal<SystemOneQuestion["type"], "noul" | "choice" | "score">>();
  // @ts-expect-error there is no such kind of question
  void v1.systemone.post({ model: "m", state: "s", questions: { q: { type: "yes" } } });
  // @ts-expect-error what this client has for more than one client is the native API
  void v1.chat.completions.post({ model: "m", messages: [] });
  // @ts-expect-error an option has its type
  client.chat({ model: "m", messages: [], options: { num_ctx: "4096" } });
  // @ts-expect-error a format is "json" or a schema
  client.chat({ model: "m", messages: [], format: "xml" });
  // @ts-expect-error a tool's name is a text
  client.chat({ model: "m", messages: [], tools: [{ type: "function", function: { name: 5 } }] });
  client.chat({ model: "m", messages: [], tool_choice: { type: "function", function: { name: "f" } } });
  // @ts-expect-error there is no such choice
  client.chat({ model: "m", messages: [], tool_choice: "any" });
  // @ts-expect-error a model's name is a text
  void api.show.post({ model: 5 });
  // @ts-expect-error there is no such field
  void api.copy.post({ source: "a", destination: "b", force: true });
  // @ts-expect-error what can stream is asked for one piece in so many words
  void api.chat.post({ model: "m" });
  // @ts-expect-error there is no such route
  void api.nothing.get();
  // @ts-expect-error a stream needs a model
  client.chat({ messages: [] });
  // @ts-expect-error a message's content is a text
  client.chat({ model: "m", messages: [{ role: "user", content: 5 }] });
};

const chunks = (chunk: ChatChunk) => {
  is<Equal<ChatChunk["done"], boolean>>();
  is<Equal<ChatChunk["message"]["content"], string>>();
  // @ts-expect-error only the last chunk has counts
  void chunk.eval_count;
  if (chunk.done) is<Equal<typeof chunk.eval_count, number | undefined>>();
};

const results = async () => {
  const result = await api.version.get();
  // @ts-expect-error there may be an error in its place
  void result.data.version;
  if (result.error === null) is<Equal<typeof result.data, Version>>();
  else is<Equal<typeof result.error, LlameroError>>();
};

test("types (checked by the compiler)", () => {
  expect([replies, requests, chunks, results].every((check) => typeof check === "function")).toBe(true);
});
