/** Sentences of docs/behaviour that no other test holds, each as a request and its reply. */
import { describe, expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const TEXT_MODEL = fakeModel("test", { capabilities: ["completion", "tools"] });
const EMBEDDER = fakeModel("bert", { capabilities: ["embedding"] });

interface Case {
  ask: [method: string, path: string, body?: unknown];
  status: number;
  /** What the reply has in it. */
  says?: string;
}

const post = (path: string, body: unknown): Case["ask"] => ["POST", path, body];
const chat = (more: object): Case["ask"] =>
  post("/api/chat", { model: "test", messages: [{ role: "user", content: "hi" }], stream: false, ...more });
const openai = (more: object): Case["ask"] =>
  post("/v1/chat/completions", { model: "test", messages: [{ role: "user", content: "hi" }], ...more });
const tools = [{ type: "function", function: { name: "now" } }];
const CHOICES = '"none\\", \\"auto\\", \\"required\\" or {\\"type\\": \\"function\\"';
const CLOUD = "ollama cloud is disabled: remote model";

const SECTIONS: Record<string, Record<string, Case>> = {
  "api-native §1.1": {
    "a slash at the end is none": { ask: ["GET", "/api/tags/"], status: 200 },
    "what has a GET has a HEAD": { ask: ["HEAD", "/api/ps"], status: 200 },
    "an unknown path": { ask: ["GET", "/api/nope"], status: 404, says: '{"error":"404 page not found"}' },
    "another method": { ask: ["PUT", "/api/tags"], status: 405, says: '{"error":"405 method not allowed"}' },
    "the same as text": { ask: ["GET", "/nope"], status: 404, says: "404 page not found" },
    "the same in OpenAI's envelope": {
      ask: ["GET", "/v1/nope"],
      status: 404,
      says: '{"error":{"message":"unknown path: GET /v1/nope',
    },
  },
  "api-native §1.4": {
    "a cloud model by its tag": {
      ask: post("/api/generate", { model: "x:8b-cloud" }),
      status: 403,
      says: `${CLOUD} is unavailable`,
    },
    "its details": { ask: post("/api/show", { model: "x:cloud" }), status: 403, says: `${CLOUD} details` },
    "a name that only ends so": {
      ask: post("/api/generate", { model: "x-cloud" }),
      status: 404,
      says: "model 'x-cloud' not found",
    },
    "delete takes it as a name": { ask: ["DELETE", "/api/delete", { model: "x:cloud" }], status: 404 },
    "both selectors": {
      ask: post("/api/show", { model: "x:local:cloud" }),
      status: 400,
      says: "use either :local or :cloud, not both",
    },
    "blanks around it": { ask: post("/api/show", { model: " test " }), status: 200 },
  },
  "api-native §3": {
    "keep_alive of another type": {
      ask: chat({ keep_alive: true }),
      status: 400,
      says: "Unsupported type: 'bool'",
    },
    "think of another type": { ask: chat({ think: 3 }), status: 400, says: "think must be a boolean" },
  },
  "api-native §5": {
    "tool_choice is no name": { ask: chat({ tools, tool_choice: "now" }), status: 400, says: CHOICES },
    "an unknown function": {
      ask: chat({ tools, tool_choice: { type: "function", function: { name: "x" } } }),
      status: 400,
      says: "which is not among the tools",
    },
    "a demand without tools": { ask: chat({ tool_choice: "required" }), status: 400, says: "needs tools" },
  },
  "api-native §11": {
    "a draft's type without a draft": {
      ask: post("/api/create", { model: "x", from: "test", draft_quantize: "q8_0" }),
      status: 400,
      says: "--draft-quantize requires a DRAFT model",
    },
  },
  "api-native §12, §15, §16": {
    "a copy onto itself": { ask: post("/api/copy", { source: "test", destination: "test" }), status: 200 },
    "a pull of no name": { ask: post("/api/pull", {}), status: 400, says: "invalid model name" },
    "a push of no name": { ask: post("/api/push", {}), status: 400, says: "model is required" },
  },
  "api-openai §3": {
    "no tokens": {
      ask: openai({ max_tokens: 0 }),
      status: 400,
      says: '"message":"max_tokens must be at least 1","type":"invalid_request_error","param":"max_tokens"',
    },
    "more answers than 128": { ask: openai({ n: 129 }), status: 400, says: "between 1 and 128" },
    "alternatives without log-probabilities": {
      ask: openai({ top_logprobs: 1 }),
      status: 400,
      says: "top_logprobs needs logprobs to be true",
    },
    "a refusal in place of content": {
      ask: openai({
        messages: [
          { role: "assistant", refusal: "No." },
          { role: "user", content: "Why?" },
        ],
      }),
      status: 200,
    },
  },
  "api-openai §5": {
    "no input": {
      ask: post("/v1/embeddings", { model: "bert", input: [] }),
      status: 400,
      says: "invalid input",
    },
    "another type": {
      ask: post("/v1/embeddings", { model: "bert", input: 3 }),
      status: 400,
      says: "invalid input type",
    },
  },
  "api-openai §7.4": {
    "an id that is not there": {
      ask: post("/v1/responses/resp_x/cancel", {}),
      status: 404,
      says: "resp_x",
    },
  },
  "api-llamero §1": {
    "nothing is set": {
      ask: ["GET", "/api/settings?model=test"],
      status: 200,
      says: '{"model":"test:latest"}',
    },
  },
  "api-llamero §2": {
    "no text": { ask: post("/api/tokenize", { model: "test" }), status: 400, says: "text is required" },
  },
  "api-llamero §5": {
    "an id that is no number": {
      ask: ["DELETE", "/api/pulls/x"],
      status: 400,
      says: "the id of a pull is a whole number",
    },
  },
};

describe.each(Object.entries(SECTIONS))("%s", (_, cases) => {
  test.each(Object.entries(cases))("%s", async (_, { ask: [method, path, body], status, says }) => {
    const { send } = fakeApp([TEXT_MODEL, EMBEDDER]);
    const reply = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
    const text = await reply.text();
    expect({ status: reply.status, text }).toEqual({ status, text: expect.stringContaining(says ?? "") });
  });
});
