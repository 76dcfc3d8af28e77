import { describe, expect, test } from "bun:test";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const HEAD = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const png = (name: string): string => Buffer.concat([HEAD, Buffer.from(name)]).toString("base64");

const seeing = (env: Record<string, string> = {}, facts: Parameters<typeof fakeModel>[1] = {}): FakeApp =>
  fakeApp(
    [fakeModel("eyes", { capabilities: ["completion", "vision"], template: "{{ .Prompt }}", ...facts })],
    env,
  );

const chat = (app: FakeApp, messages: object[], more: object = {}) =>
  app.send("POST", "/api/chat", { model: "eyes", messages, stream: false, ...more });

/** The prompt with a mark where a picture is. */
const promptOf = ({ engine }: FakeApp): string =>
  engine.tasks
    .at(-1)!
    .prompt.map((piece) => (Array.isArray(piece) ? String.fromCodePoint(...piece) : "<picture>"))
    .join("");

test("a picture is a piece of the prompt, its file shown to the engine", async () => {
  const app = seeing();
  const reply = await chat(app, [{ role: "user", content: "what is [img]?", images: [png("cat")] }]);
  expect(await reply.json()).toMatchObject({
    prompt_eval_count: "what is ?".length + app.engine.pictureCells,
  });
  expect(promptOf(app)).toBe("what is <picture>?");
  expect(app.engine.pictures.map(({ bytes }) => Buffer.from(bytes).toString("base64"))).toEqual([png("cat")]);
});

test("_debug_render_only shows places, and counts", async () => {
  const app = seeing();
  const reply = await chat(app, [{ role: "user", content: "hi", images: [png("a"), png("b")] }], {
    _debug_render_only: true,
  });
  expect(await reply.json()).toMatchObject({
    _debug_info: { rendered_template: "[img-0][img-1]hi", image_count: 2 },
  });
});

test("a prompt that does not fit loses whole messages, with their pictures", async () => {
  const app = seeing({}, { template: "{{ range .Messages }}{{ .Content }}|{{ end }}" });
  app.engine.info = { ...app.engine.info, contextLength: 64 };
  app.engine.pictureCells = 20;
  const old = Array.from({ length: 4 }, (_, i) => ({
    role: "user",
    content: `old ${i}`,
    images: [png(String(i))],
  }));
  const turns = old.flatMap((message) => [message, { role: "assistant", content: "ok" }]);
  const reply = await chat(app, [...turns, { role: "user", content: "now", images: [png("now")] }]);
  expect(reply.status).toBe(200);
  expect(promptOf(app)).toEndWith("<picture>now|");
  expect(promptOf(app)).not.toContain("old 0");
  expect(reply.headers.get("warning")).toContain("of the oldest messages left out");
});

test("one that cannot fit is refused, and never cut", async () => {
  const app = seeing();
  app.engine.info = { ...app.engine.info, contextLength: 64 };
  app.engine.pictureCells = 100;
  const reply = await chat(app, [{ role: "user", content: "?", images: [png("a")] }]);
  expect([reply.status, JSON.stringify(await reply.json())]).toEqual([
    400,
    expect.stringContaining("longer than the context length"),
  ]);
});

test("a template that leaves pictures out is an error, and no answer that is made up", async () => {
  const app = seeing({}, { template: "{{ .System }}fixed" });
  const reply = await chat(app, [{ role: "user", content: "?", images: [png("a")] }]);
  expect([reply.status, await reply.json()]).toEqual([
    400,
    { error: "the model's template leaves images out of the prompt" },
  ]);
});

test("parts of OpenAI's dialects stay in their order", async () => {
  const app = seeing();
  const image_url = { url: `data:image/png;base64,${png("a")}` };
  const content = [
    { type: "text", text: "a [img]" },
    { type: "image_url", image_url },
    { type: "text", text: "b" },
  ];
  await app.send("POST", "/v1/chat/completions", { model: "eyes", messages: [{ role: "user", content }] });
  expect(promptOf(app)).toBe("a [img]<picture>b");
  const input = [
    {
      role: "user",
      content: [
        { type: "input_image", image_url: image_url.url },
        { type: "input_text", text: "c" },
      ],
    },
  ];
  await app.send("POST", "/v1/responses", { model: "eyes", input });
  expect(promptOf(app)).toBe("<picture>c");
});

test("tokens are counted with pictures", async () => {
  const app = seeing();
  const source = { type: "base64", media_type: "image/png", data: png("a") };
  const messages = [
    {
      role: "user",
      content: [
        { type: "image", source },
        { type: "text", text: "four" },
      ],
    },
  ];
  const reply = await app.send("POST", "/v1/messages/count_tokens", { model: "eyes", messages });
  expect(await reply.json()).toEqual({ input_tokens: app.engine.pictureCells + 4 });
});

describe("a server without libmtmd", () => {
  const withoutSenses = () => seeing({}, { capabilities: ["completion"], missingSenses: ["vision"] });
  const message =
    "registry.ollama.ai/library/eyes:latest has vision, which is not installed on this server; get it with: llamero engine add vision";

  test("says what to do, in each dialect's shape", async () => {
    const native = await chat(withoutSenses(), [{ role: "user", content: "?", images: [png("a")] }]);
    expect([native.status, await native.json()]).toEqual([501, { error: message }]);
    const content = [{ type: "image_url", image_url: `data:;base64,${png("a")}` }];
    const openai = await withoutSenses().send("POST", "/v1/chat/completions", {
      model: "eyes",
      messages: [{ role: "user", content }],
    });
    expect([openai.status, await openai.json()]).toMatchObject([
      501,
      { error: { message, type: "api_error" } },
    ]);
    const source = { type: "base64", media_type: "image/png", data: png("a") };
    const anthropic = await withoutSenses().send("POST", "/v1/messages", {
      model: "eyes",
      max_tokens: 1,
      messages: [{ role: "user", content: [{ type: "image", source }] }],
    });
    expect([anthropic.status, await anthropic.json()]).toMatchObject([
      501,
      { type: "error", error: { message } },
    ]);
  });

  test("answers to text as ever", async () => {
    expect((await chat(withoutSenses(), [{ role: "user", content: "hi" }])).status).toBe(200);
  });
});

describe("by URL", () => {
  const byUrl = (app: FakeApp) => {
    const content = [{ type: "image_url", image_url: { url: "https://pics.example/a.png" } }];
    return app.send("POST", "/v1/chat/completions", { model: "eyes", messages: [{ role: "user", content }] });
  };

  test("refused where no hosts are listed, in the words of each dialect", async () => {
    const refused = await byUrl(seeing());
    expect(await refused.json()).toMatchObject({
      error: { message: "image URLs are not currently supported, please use base64 encoded data instead" },
    });
    const source = { type: "url", url: "https://pics.example/a.png" };
    const anthropic = await seeing().send("POST", "/v1/messages", {
      model: "eyes",
      max_tokens: 1,
      messages: [{ role: "user", content: [{ type: "image", source }] }],
    });
    expect(await anthropic.json()).toMatchObject({
      error: { message: "invalid image source type: url. Only base64 images are supported." },
    });
  });

  test("fetched where OLLAMA_IMAGE_URLS lists them", async () => {
    const app = seeing({ OLLAMA_IMAGE_URLS: "pics.example" });
    expect((await byUrl(app)).status).toBe(200);
    expect(promptOf(app)).toBe("<picture>");
  });
});

test("the limits are the owner's to set", async () => {
  const app = seeing({ OLLAMA_MAX_IMAGES: "1", OLLAMA_MAX_IMAGE_MB: "0" });
  const two = await chat(app, [{ role: "user", content: "?", images: [png("a"), png("b")] }]);
  expect(await two.json()).toEqual({ error: "a request may have 1 images, and this one has 2" });
  const large = await chat(app, [{ role: "user", content: "?", images: [png("a".repeat(90))] }]);
  expect(await large.json()).toEqual({ error: "an image has 99 bytes, and at most 0 are allowed" });
});
