import { expect, test } from "bun:test";
import { fakeApp } from "../support/fake-app.ts";

const user = (content: unknown) => ({ role: "user", content });
const choices =
  'tool_choice must be "none", "auto", "required", {"type": "function", "name": …}, {"type": "custom", "name": …} or allowed tools';
const metadata = "metadata must map at most 16 names of at most 64 characters to texts of at most 512";
const output = { type: "function_call_output", call_id: "c", output: "1" };
const f = { type: "function", name: "f" };

test.each([
  [{ input: undefined }, "input", "one of input and previous_response_id is required"],
  [{ input: [] }, "input", "input must not be empty"],
  [{ input: 5 }, "input", "input must be a string or array"],
  [{ input: [{}] }, "input[0]", "input[0]: input item missing required 'type' field"],
  [{ input: [{ id: "a", text: "b" }] }, "input[0]", "input[0]: input item missing required 'type' field"],
  [
    { input: [{ id: "a", role: "user", content: 5 }] },
    "input[0].content",
    "input[0]: content must be a string or an array",
  ],
  [{ input: [{ type: "x" }] }, "input[0]", 'input[0]: unknown input item type: "x"'],
  [
    { input: [{ role: "king", content: "" }] },
    "input[0].role",
    "input[0]: role must be one of user, assistant, system, developer",
  ],
  [{ input: [user(5)] }, "input[0].content", "input[0]: content must be a string or an array"],
  [
    { input: [user("a"), user([{ type: "video" }])] },
    "input[1].content[0]",
    "input[1]: content[0]: unknown content type: video",
  ],
  [
    { input: [user([{ type: "input_file", file_id: "x" }])] },
    "input[0].content[0]",
    "file inputs are not currently supported",
  ],
  [{ input: [user([{ type: "input_audio" }])] }, "input[0].content[0]", "invalid input_audio"],
  [
    { input: [user([{ type: "input_image", file_id: "x" }])] },
    "input[0].content[0]",
    "images by file_id are not supported",
  ],
  [
    { input: [user([{ type: "input_image", image_url: "https://x/y.png" }])] },
    null,
    "image URLs are not currently supported, please use base64 encoded data instead",
  ],
  [
    { input: [user([{ type: "input_image", image_url: "data:image/png;base64,aGk=" }])] },
    null,
    "registry.ollama.ai/library/test:latest does not support vision",
  ],
  [
    { input: [user([{ type: "input_audio", input_audio: { data: "UklGRiQAAABXQVZF", format: "wav" } }])] },
    null,
    "registry.ollama.ai/library/test:latest does not support audio",
  ],
  [
    { input: [{ type: "function_call", call_id: "c", name: "f", arguments: "[]" }] },
    "input[0].arguments",
    'failed to parse function call arguments: "[]" is no JSON object',
  ],
  [
    { input: [{ type: "function_call", name: "f", arguments: "{}" }] },
    "input[0].call_id",
    "input[0]: call_id must be a string",
  ],
  [{ input: [output] }, "input", "No tool call found for function call output with call_id c."],
  [{ conversation: "c" }, "conversation", "conversation is not supported: use previous_response_id"],
  [{ prompt: { id: "p" } }, "prompt", "prompt is not supported: no prompts are kept"],
  [
    { background: true },
    "background",
    "background is not supported: a response needs a client that waits for it",
  ],
  [
    { text: { format: { type: "grammar" } } },
    "text.format",
    'text.format type must be "text", "json_object" or "json_schema", not "grammar"',
  ],
  [
    { text: { format: { type: "json_schema", name: "s" } } },
    "text.format",
    "text.format of type json_schema needs a schema",
  ],
  [
    { reasoning: { effort: "huge" } },
    "reasoning.effort",
    'invalid reasoning value: "huge" (must be "minimal", "low", "medium", "high", "xhigh", "ultra", "max", or "none")',
  ],
  [
    { reasoning: { summary: "long" } },
    "reasoning.summary",
    'reasoning.summary must be "auto", "concise" or "detailed"',
  ],
  [{ truncation: "middle" }, "truncation", 'truncation must be "auto" or "disabled"'],
  [{ max_output_tokens: 0 }, "max_output_tokens", "max_output_tokens must be at least 1"],
  [{ top_logprobs: 21 }, "top_logprobs", "top_logprobs must be between 0 and 20"],
  [{ top_logprobs: 2 }, "top_logprobs", 'top_logprobs needs include to have "message.output_text.logprobs"'],
  [{ include: ["everything"] }, "include", expect.stringContaining("include must be a list of")],
  [{ metadata: { k: 1 } }, "metadata", metadata],
  [{ metadata: { ["k".repeat(65)]: "" } }, "metadata", metadata],
  [{ metadata: { k: "v".repeat(513) } }, "metadata", metadata],
  [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [at, ""])) }, "metadata", metadata],
  [{ tools: [{ type: "function" }] }, "tools[0].name", "tools[0] has no name"],
  [{ tools: [f, f] }, "tools[1]", "there are two tools called f"],
  [
    { tools: [{ type: "namespace", name: "n", description: "", tools: [{ type: "x" }] }] },
    "tools[0].tools[0]",
    "tools[0].tools[0] must be a function or a custom tool",
  ],
  [{ tool_choice: { type: "web_search" } }, "tool_choice", choices],
  [{ tool_choice: "any" }, "tool_choice", choices],
  [
    {
      tools: [f],
      tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "function", name: "g" }] },
    },
    "tool_choice",
    "tool_choice allows g, which is not among the tools",
  ],
  [{ stream: "yes" }, null, expect.stringContaining("of type bool")],
])("%j", async (body, param, message) => {
  const reply = await fakeApp().send("POST", "/v1/responses", { model: "test", input: "hi", ...body });
  expect<unknown>([reply.status, await reply.json()]).toEqual([
    400,
    { error: { message, type: "invalid_request_error", param, code: null } },
  ]);
});

test.each([
  ["", "EOF"],
  ["{", "unexpected EOF"],
])("the body %j", async (body, message) => {
  const reply = await fakeApp().send("POST", "/v1/responses", body);
  expect<unknown>([reply.status, await reply.json()]).toMatchObject([400, { error: { message } }]);
});
