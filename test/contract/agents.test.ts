/** The requests that coding agents send (test/golden/agents), and the replies that they went on from. */
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";
import { eventsIn } from "../support/sse.ts";

const FOLDER = join(import.meta.dir, "../golden/agents");

/** Tools in front, then the turns, each with its calls, as models of today have them. */
const TEMPLATE =
  '{{ range .Tools }}{{ . }}{{ end }}{{ range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}{{ range .ToolCalls }}<tool_call>{"name": "{{ .Function.Name }}", "arguments": {{ .Function.Arguments }}}</tool_call>{{ end }}<|im_end|>\n{{ end }}<|im_start|>assistant\n';

interface Recording {
  path: string;
  headers: Record<string, string>;
  body: { model?: string; name?: string; stream?: boolean; tools?: WireTool[] };
}
interface WireTool {
  type?: string;
  name?: string;
  function?: { name: string };
}

const read = (name: string): Promise<Recording> =>
  Bun.file(join(FOLDER, `${name}.golden.json`)).json() as Promise<Recording>;

const toolIn = ({ tools = [] }: Recording["body"]): string | undefined =>
  tools.map((tool) => tool.function?.name ?? tool.name).find((name) => name !== undefined);

/** Sends a recorded request to a model that calls the first tool that it is shown, or says hello where there is none. */
async function replay(name: string) {
  const { path, headers, body } = await read(name);
  const model = fakeModel(body.model ?? body.name ?? "hi", {
    template: TEMPLATE,
    capabilities: ["completion", "tools"],
    trainedContext: 131_072,
  });
  const app = fakeApp([model]);
  app.engine.info = { ...app.engine.info, contextLength: 1_000_000 };
  const tool = toolIn(body);
  const said =
    tool === undefined ? "Hi there!" : `<tool_call>{"name": "${tool}", "arguments": {}}</tool_call>`;
  app.engine.replies = [{ texts: [said] }];
  const reply = await app.send("POST", path, body, headers);
  const text = await reply.text();
  const warning = reply.headers.get("warning");
  return { status: reply.status, warning, text, tool, app, left: reply.headers.get("llamero-left-out") };
}

const MESSAGE_EVENTS = [
  ...["message_start", "ping", "content_block_start", "content_block_delta", "content_block_stop"],
  ...["message_delta", "message_stop"],
];
const RESPONSE_EVENTS = [
  ...["response.created", "response.in_progress", "response.output_item.added"],
  ...["response.function_call_arguments.delta", "response.function_call_arguments.done"],
  ...["response.output_item.done", "response.completed"],
];
const UNTHINKING = '199 - "thinking ignored: the model cannot think"';
const NO_SEARCH = '199 - "tools of type web_search ignored: the server runs no such tool"';

describe("streams of named events", () => {
  test.each<[string, string[], string | null]>([
    ["claude-code-1", MESSAGE_EVENTS, UNTHINKING],
    ["claude-code-2", MESSAGE_EVENTS, UNTHINKING],
    ["codex-1", RESPONSE_EVENTS, NO_SEARCH],
    ["codex-2", RESPONSE_EVENTS, null],
    ["codex-3", RESPONSE_EVENTS, null],
    ["copilot-cli-1", RESPONSE_EVENTS, null],
    ["copilot-cli-2", RESPONSE_EVENTS, null],
  ])("%s", async (name, events, expected) => {
    const { status, warning, text, tool, left } = await replay(name);
    expect([status, warning]).toEqual([200, expected]);
    const names = [...text.matchAll(/^event: (.+)$/gm)].map(([, event]) => event);
    expect(names).toEqual(events);
    expect(text).toContain(`"name":"${tool}"`);
    expect(left).toBe(name.startsWith("claude") ? "x-anthropic-billing-header" : null);
  });
});

describe("streams of chat completions", () => {
  test.each([
    ...["copilot-cli-3", "opencode-1", "opencode-2", "opencode-3", "pi-1", "pi-2"],
    ...["qwen-code-1", "qwen-code-2", "qwen-code-3"],
  ])("%s", async (name) => {
    const { status, warning, text, tool } = await replay(name);
    expect([status, warning]).toEqual([200, null]);
    expect(eventsIn(text).at(-1)).toBe("[DONE]");
    expect(text).toContain(tool === undefined ? '"content":"Hi there!"' : `"name":"${tool}"`);
    expect(text).toContain(`"finish_reason":"${tool === undefined ? "stop" : "tool_calls"}"`);
    expect(text).toContain('"prompt_tokens_details":{"cached_tokens":');
  });
});

describe("the native API", () => {
  test.each(["cline-1", "cline-2", "aider-2"])("%s", async (name) => {
    const { status, warning, text, tool } = await replay(name);
    expect([status, warning]).toEqual([200, null]);
    const last = JSON.parse(text.trimEnd().split("\n").at(-1)!) as { done: boolean; done_reason: string };
    expect(last).toMatchObject({ done: true, done_reason: "stop" });
    expect(text).toContain(tool === undefined ? '"content":"Hi there!"' : `"name":"${tool}"`);
  });

  test("aider-1: litellm asks what the model is, by its older name", async () => {
    const { status, text } = await replay("aider-1");
    expect(status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({ capabilities: ["completion", "tools"], template: TEMPLATE });
  });
});

test("gemini-cli-1 speaks Gemini's API, which there is not", async () => {
  expect((await replay("gemini-cli-1")).status).toBe(404);
});

test.each([
  ["claude-code-1", "claude-code-2"],
  ["codex-2", "codex-3"],
  ["copilot-cli-1", "copilot-cli-2"],
  ["opencode-2", "opencode-3"],
  ["pi-1", "pi-2"],
  ["qwen-code-1", "qwen-code-2"],
  ["cline-1", "cline-2"],
])("the prompt of %s is the beginning of that of %s", async (first, second) => {
  const [[before = ""], [after = ""]] = [
    promptsOf((await replay(first)).app),
    promptsOf((await replay(second)).app),
  ];
  expect(before.length).toBeGreaterThan(500);
  expect(after.slice(0, before.length)).toBe(before);
});
