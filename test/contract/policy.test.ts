/**
 * One policy in every dialect: a field that would change what the answer says is honoured or refused, one that would not is accepted,
 * and a `Warning` tells what a person could miss.
 */
import { describe, expect, test } from "bun:test";
import { ask, caller } from "../support/anthropic.ts";
import { fakeApp, promptsOf } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const user = { role: "user", content: "hi" };
const MODEL = fakeModel("test", { capabilities: ["completion", "tools"] });

const ROUTES = {
  "/v1/chat/completions": { model: "test", messages: [user] },
  "/v1/responses": { model: "test", input: "hi" },
  "/v1/messages": { model: "test", max_tokens: 8, messages: [user] },
  "/api/chat": { model: "test", messages: [user], stream: false },
};
type Path = keyof typeof ROUTES;

async function send(path: Path, body: object) {
  const app = fakeApp([MODEL]);
  const reply = await app.send("POST", path, { ...ROUTES[path], ...body });
  return { status: reply.status, warning: reply.headers.get("warning"), json: await reply.json(), app };
}

describe("accepted without a word", () => {
  test.each<[Path, object]>([
    ["/v1/chat/completions", { service_tier: "flex" }],
    ["/v1/chat/completions", { verbosity: "low" }],
    ["/v1/chat/completions", { stream_options: { include_usage: true } }],
    ["/v1/chat/completions", { prediction: { type: "content", content: "x" } }],
    ["/v1/chat/completions", { metadata: { a: "b" }, safety_identifier: "x", prompt_cache_key: "k" }],
    ["/v1/responses", { service_tier: "priority" }],
    ["/v1/responses", { text: { verbosity: "high" } }],
    ["/v1/responses", { client_metadata: { a: "b" } }],
    ["/v1/responses", { tools: [{ type: "function", name: "f", defer_loading: true }] }],
    ["/v1/messages", { speed: "fast" }],
    ["/v1/messages", { service_tier: "priority" }],
    ["/v1/messages", { inference_geo: "us" }],
    ["/v1/messages", { context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] } }],
    [
      "/api/chat",
      {
        messages: [
          user,
          {
            role: "assistant",
            content: "",
            tool_calls: [{ type: "function", function: { name: "f", arguments: {} } }],
          },
          { role: "tool", content: "1", tool_name: "f" },
        ],
      },
    ],
  ])("%s %j", async (path, body) => {
    const { status, warning } = await send(path, body);
    expect([status, warning]).toEqual([200, null]);
  });
});

describe("accepted with a Warning", () => {
  test.each<[Path, object, string]>([
    ["/v1/chat/completions", { store: true }, "store ignored: nothing is stored"],
    ["/v1/chat/completions", { web_search_options: {} }, "web_search_options ignored"],
    ["/v1/chat/completions", { tools: [{ type: "web_search" }] }, "tools of type web_search ignored"],
    [
      "/v1/chat/completions",
      {
        tools: [
          {
            type: "custom",
            custom: { name: "f", format: { type: "grammar", grammar: { syntax: "lark", definition: "" } } },
          },
        ],
      },
      "tools.format ignored: grammars of custom tools are not enforced",
    ],
    ...["web_search", "local_shell", "image_generation", "code_interpreter", "mcp"].map(
      (type): [Path, object, string] => [
        "/v1/responses",
        { tools: [{ type, external_web_access: true }] },
        `tools of type ${type} ignored: the server runs no such tool`,
      ],
    ),
    [
      "/v1/responses",
      { tools: [{ type: "custom", name: "c", format: { type: "grammar", syntax: "lark", definition: "" } }] },
      "tools.format ignored: grammars of custom tools are not enforced",
    ],
    [
      "/v1/responses",
      { input: [user, { type: "web_search_call", id: "ws_1", status: "completed", action: {} }] },
      "input of type web_search_call ignored",
    ],
    [
      "/v1/messages",
      { tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 5 }] },
      "tools of type web_search_20250305 ignored",
    ],
    ["/v1/messages", { mcp_servers: [{ type: "url", url: "x", name: "y" }] }, "mcp_servers ignored"],
    [
      "/v1/messages",
      { context_management: { edits: [{ type: "clear_tool_uses_20250919" }] } },
      "context_management ignored: conversations are not edited",
    ],
    ["/v1/messages", { container: "container_1" }, "container ignored: no code is run"],
    ["/v1/messages", { fallbacks: [{ model: "x" }] }, "fallbacks ignored: the request's own model answers"],
    [
      "/v1/responses",
      { context_management: [{ type: "compaction", compact_threshold: 9000 }] },
      "context_management ignored: conversations are not compacted",
    ],
    ["/v1/responses", { moderation: { model: "m" } }, "moderation ignored: nothing is moderated"],
    ...["ghost_snapshot", "context_compaction", "configuration_update"].map(
      (type): [Path, object, string] => [
        "/v1/responses",
        { input: [user, { type, anything: {} }] },
        `input of type ${type} ignored`,
      ],
    ),
  ])("%s %j", async (path, body, warned) => {
    const { status, warning, app } = await send(path, body);
    expect(status).toBe(200);
    expect(warning).toContain(warned);
    expect(promptsOf(app)[0]).not.toContain("web_search");
  });
});

describe("a blank model name is 400", () => {
  const routes = {
    "/v1/chat/completions": { messages: [user] },
    "/v1/completions": { prompt: "x" },
    "/v1/responses": { input: "x" },
    "/v1/messages": { max_tokens: 8, messages: [user] },
    "/v1/embeddings": { input: "x" },
    "/v1/rerank": { query: "x", documents: ["x"] },
    "/v1/systemone": { state: "x", questions: { q: { type: "noul", instructions: "x" } } },
    "/v1/decisions": { input: "x", questions: [{ type: "predicate", instructions: "x" }] },
    "/api/chat": { messages: [user] },
  };
  test.each(Object.entries(routes))("%s", async (path, body) => {
    for (const model of ["", "  "]) {
      const reply = await fakeApp([MODEL]).send("POST", path, { ...body, model });
      expect(reply.status).toBe(400);
      expect(await reply.text()).toContain("model is required");
    }
  });
});

describe("blocks of a conversation on /v1/messages", () => {
  const call = { type: "tool_use", id: "t1", name: "ToolSearch", input: {} };
  const found = [
    { type: "tool_reference", tool_name: "TaskStop" },
    { type: "tool_reference", tool_name: "TaskList" },
  ];

  test("references to tools are read as their names", async () => {
    const messages = [
      user,
      { role: "assistant", content: [call] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: found }] },
    ];
    const app = caller();
    const reply = await ask({ messages }, app);
    expect([reply.status, reply.headers.get("warning")]).toEqual([200, null]);
    expect(promptsOf(app)[0]).toContain(
      "<tool_reference>TaskStop</tool_reference>\n<tool_reference>TaskList</tool_reference>",
    );
  });

  test("what hosted tools did is left out with a Warning", async () => {
    const hosted = [
      { type: "server_tool_use", id: "s1", name: "web_search", input: { query: "x" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "s1",
        content: [{ type: "web_search_result", url: "u" }],
      },
      { type: "tool_search_tool_result", tool_use_id: "s2", content: { tool_references: found } },
      { type: "bash_code_execution_tool_result", tool_use_id: "s3", content: {} },
      { type: "mcp_tool_use", id: "m1", name: "n", server_name: "s", input: {} },
      { type: "mcp_tool_result", tool_use_id: "m1", content: "x" },
      { type: "container_upload", file_id: "f" },
    ];
    const messages = [
      user,
      { role: "assistant", content: [...hosted, { type: "text", text: "found" }] },
      { role: "assistant", content: hosted },
      user,
    ];
    const { status, warning } = await send("/v1/messages", { messages });
    expect(status).toBe(200);
    for (const { type } of hosted) expect(warning).toContain(`blocks of type ${type} ignored`);
  });

  test("a summary of what was said before is read as a text", async () => {
    const messages = [{ role: "assistant", content: [{ type: "compaction", content: "They met." }] }, user];
    const { status, app } = await send("/v1/messages", { messages });
    expect(status).toBe(200);
    expect(promptsOf(app)[0]).toContain("They met.");
  });
});

describe("a hosted tool", () => {
  test("is echoed in the response, and stays out of the prompt", async () => {
    const tools = [
      { type: "web_search", external_web_access: true },
      { type: "function", name: "f", parameters: {} },
    ];
    const { json, app } = await send("/v1/responses", { tools });
    expect((json as { tools: object[] }).tools).toHaveLength(2);
    expect(promptsOf(app)[0]).not.toContain("web_search");
  });

  test.each<[Path, object]>([
    ["/v1/responses", { tools: [{ type: "web_search" }], tool_choice: { type: "web_search" } }],
    ["/v1/chat/completions", { tools: [{ type: "web_search" }], tool_choice: "required" }],
    [
      "/v1/messages",
      {
        tools: [{ type: "web_search_20250305", name: "web_search" }],
        tool_choice: { type: "tool", name: "web_search" },
      },
    ],
  ])("that is demanded is refused: %s %j", async (path, body) => {
    expect((await send(path, body)).status).toBe(400);
  });
});

describe("a hosted tool among allowed ones", () => {
  const hosted = { type: "web_search" };

  test.each<[Path, object]>([
    [
      "/v1/responses",
      {
        tools: [hosted, { type: "function", name: "f", parameters: {} }],
        tool_choice: {
          type: "allowed_tools",
          mode: "auto",
          tools: [hosted, { type: "function", name: "f" }],
        },
      },
    ],
    [
      "/v1/chat/completions",
      {
        tools: [hosted, { type: "function", function: { name: "f" } }],
        tool_choice: {
          type: "allowed_tools",
          allowed_tools: { mode: "auto", tools: [hosted, { type: "function", function: { name: "f" } }] },
        },
      },
    ],
  ])("is left out: %s", async (path, body) => {
    const { status, warning } = await send(path, body);
    expect(status).toBe(200);
    expect(warning).toContain("tools of type web_search ignored");
  });

  test("and alone among those of which one is demanded, it is refused", async () => {
    const tool_choice = { type: "allowed_tools", mode: "required", tools: [hosted] };
    expect((await send("/v1/responses", { tools: [hosted], tool_choice })).status).toBe(400);
  });
});

test("json_object with a schema beside it is that schema", async () => {
  const schema = { type: "object", properties: { a: { type: "integer" } }, required: ["a"] };
  const beside = await send("/v1/chat/completions", { response_format: { type: "json_object", schema } });
  const proper = await send("/v1/chat/completions", {
    response_format: { type: "json_schema", json_schema: { name: "a", schema } },
  });
  const grammarOf = ({ app }: typeof beside) => app.engine.tasks[0]!.grammar;
  expect(grammarOf(beside)).toBe(grammarOf(proper)!);
});

const PROMPT = { model: "test", prompt: "hi", stream: false };

test.each([
  ["/v1/chat/completions", { ...ROUTES["/v1/chat/completions"], stop: [] }],
  ["/v1/completions", { ...PROMPT, stop: [] }],
  ["/v1/messages", { ...ROUTES["/v1/messages"], stop_sequences: [] }],
  ["/api/chat", { ...ROUTES["/api/chat"], options: { stop: [] } }],
  ["/api/generate", { ...PROMPT, options: { stop: [] } }],
])("%s: an empty list of stops keeps the model's own", async (path, body) => {
  const app = fakeApp([fakeModel("test", { parameters: { stop: ["<end>"] } })]);
  await app.send("POST", path, body);
  expect(app.engine.tasks[0]!.sampling.stop).toEqual(["<end>"]);
});

describe("a conversation of which the last message alone does not fit", () => {
  async function tooLong(path: Path) {
    const app = fakeApp([MODEL]);
    app.engine.info = { ...app.engine.info, contextLength: 16 };
    const content = "x".repeat(100);
    const body = path === "/v1/responses" ? { input: content } : { messages: [{ role: "user", content }] };
    const reply = await app.send("POST", path, { ...ROUTES[path], ...body });
    expect(app.engine.tasks).toEqual([]);
    return [reply.status, JSON.stringify(await reply.json())] as const;
  }

  test("is refused on /v1/messages in the words that agents look for", async () => {
    const [status, text] = await tooLong("/v1/messages");
    expect(status).toBe(400);
    expect(text).toMatch(/"message":"prompt is too long: 10\d tokens > 16 maximum"/);
  });

  test.each<Path>(["/v1/chat/completions", "/v1/responses"])("is refused on %s by a code", async (path) => {
    const [status, text] = await tooLong(path);
    expect(status).toBe(400);
    expect(text).toContain('"code":"context_length_exceeded"');
    expect(text).toMatch(/the prompt has 10\d tokens, the context length is 16/);
  });

  test("is refused on /api/chat with both numbers", async () => {
    const [status, text] = await tooLong("/api/chat");
    expect(status).toBe(400);
    expect(text).toMatch(/the prompt has 10\d tokens, the context length is 16/);
  });
});

test.each<Path>(["/v1/chat/completions", "/v1/responses", "/v1/messages"])(
  "%s without a model is 400",
  async (path) => {
    expect((await send(path, { model: "" })).status).toBe(400);
  },
);
