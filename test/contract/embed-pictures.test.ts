/** Images in requests for embeddings. */
import { describe, expect, test } from "bun:test";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const HEAD = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const png = (name: string): string => Buffer.concat([HEAD, Buffer.from(name)]).toString("base64");
const [cat, dog] = [png("cat"), png("dog")];
const url = `data:image/png;base64,${cat}`;

const seeing = (env: Record<string, string> = {}, facts: Parameters<typeof fakeModel>[1] = {}): FakeApp =>
  fakeApp([fakeModel("eyes", { embeddingOnly: true, capabilities: ["embedding", "vision"], ...facts })], env);

/** What was embedded, with a mark where a picture is. */
const embedded = ({ engine }: FakeApp): string[] => [
  ...engine.embedded.flat().map((tokens) => String.fromCodePoint(...tokens)),
  ...engine.embeddedPieces.map((pieces) =>
    pieces.map((piece) => (Array.isArray(piece) ? String.fromCodePoint(...piece) : "<picture>")).join(""),
  ),
];

describe("POST /api/embed", () => {
  const ask = (app: FakeApp, body: object) => app.send("POST", "/api/embed", { model: "eyes", ...body });

  test.each<[string, object, string[]]>([
    ["images alone", { images: [cat, dog] }, ["<picture>", "<picture>"]],
    ["images and an empty text", { input: "", images: [cat] }, ["<picture>"]],
    ["an image and a text", { input: "of a cat", images: [cat] }, ["<picture>of a cat"]],
    ["its place", { input: "a [img] and", images: [cat] }, ["a <picture> and"]],
    ["two images and a text", { input: ["both"], images: [cat, dog] }, ["<picture><picture>both"]],
    ["each its text", { input: ["a", "b"], images: [cat, dog] }, ["<picture>a", "<picture>b"]],
    ["no images", { input: ["a"], images: [] }, ["a"]],
  ])("%s", async (_, body, expected) => {
    const app = seeing();
    const reply = await ask(app, body);
    const { embeddings, prompt_eval_count } = (await reply.json()) as {
      embeddings: number[][];
      prompt_eval_count: number;
    };
    expect(embedded(app)).toEqual(expected);
    expect(embeddings).toHaveLength(expected.length);
    const cells = expected.join("").replaceAll("<picture>", "#".repeat(app.engine.pictureCells));
    expect(prompt_eval_count).toBe(cells.length);
  });

  test.each<[string, FakeApp, object, number, string]>([
    [
      "a model without eyes",
      fakeApp([fakeModel("eyes", { embeddingOnly: true, capabilities: ["embedding"] })]),
      { images: [cat] },
      400,
      "registry.ollama.ai/library/eyes:latest does not support vision",
    ],
    [
      "a server without libmtmd",
      seeing({}, { capabilities: ["embedding"], missingSenses: ["vision"] }),
      { images: [cat] },
      501,
      "registry.ollama.ai/library/eyes:latest has vision, which is not installed on this server; get it with: llamero engine add vision",
    ],
    [
      "texts that are neither one nor as many",
      seeing(),
      { input: ["a", "b", "c"], images: [cat, dog] },
      400,
      "images: there are 2 of them and 3 texts; send one text, or one for each image",
    ],
    [
      "too many",
      seeing({ OLLAMA_MAX_IMAGES: "1" }),
      { images: [cat, dog] },
      400,
      "a request may have 1 images, and this one has 2",
    ],
    [
      "no picture",
      seeing(),
      { images: [Buffer.from("hello, this is no picture").toString("base64")] },
      400,
      "an image is of no kind that is known: send PNG, JPEG, WebP, GIF or AVIF, or WAV",
    ],
    ["no base64", seeing(), { images: ["?"] }, 400, "illegal base64 data at input byte 0"],
  ])("%s is refused", async (_, app, body, status, error) => {
    const reply = await ask(app, body);
    expect([reply.status, await reply.json()]).toEqual([status, { error }]);
    expect(app.engine.acquired).toHaveLength(0);
  });

  test("the text is cut, the picture never", async () => {
    const app = seeing();
    app.engine.info = { ...app.engine.info, contextLength: 8, addsBos: true, addsEos: true };
    const reply = await ask(app, { input: "0123456789", images: [cat] });
    expect(embedded(app)).toEqual(["\u0001<picture>01\u0002"]);
    expect(reply.headers.get("warning")).toContain("1 of 1 inputs cut");
    const [whole, large] = [
      await ask(app, { input: "0123456789", images: [cat], truncate: false }),
      await ask(app, { input: "0", images: [cat, dog] }),
    ];
    expect([whole.status, await whole.json()]).toEqual([
      400,
      { error: "the input length exceeds the context length" },
    ]);
    expect([large.status, await large.json()]).toEqual([
      400,
      { error: "the input length exceeds the context length, and an image cannot be cut" },
    ]);
  });
});

test("POST /api/embeddings takes images too, for one vector", async () => {
  const app = seeing();
  const body = { model: "eyes", prompt: "x", images: [cat, dog] };
  const reply = await app.send("POST", "/api/embeddings", body);
  expect([reply.status, embedded(app)]).toEqual([200, ["<picture><picture>x"]]);
  await app.send("POST", "/api/embeddings", { model: "eyes", images: [cat] });
  expect(embedded(app).at(-1)).toBe("<picture>");
});

describe("POST /v1/embeddings", () => {
  const ask = (app: FakeApp, input: unknown) => app.send("POST", "/v1/embeddings", { model: "eyes", input });

  test.each<[string, unknown[], string[]]>([
    ["an image, as Jina's clients send it", [{ image: cat }, { text: "b" }, "c"], ["b", "c", "<picture>"]],
    ["an image by a data URL, and a text", [{ image: url, text: "of a cat" }], ["<picture>of a cat"]],
    [
      "parts of a message",
      [
        {
          content: [
            { type: "text", text: "a " },
            { type: "image_url", image_url: { url } },
            { type: "text", text: " [img]" },
          ],
        },
      ],
      ["a <picture> [img]"],
    ],
    ["a message that is a text", [{ content: "hi" }], ["hi"]],
  ])("%s", async (_, input, expected) => {
    const app = seeing();
    const reply = await ask(app, input);
    expect(reply.status).toBe(200);
    expect(((await reply.json()) as { data: unknown[] }).data).toHaveLength(input.length);
    expect(embedded(app)).toEqual(expected);
  });

  test("vectors come in the order of inputs", async () => {
    const app = seeing();
    app.engine.vectorOf = () => new Float32Array([0, 1]);
    const reply = (await (await ask(app, ["a", { image: cat }, "b"])).json()) as {
      data: { embedding: number[] }[];
    };
    expect(reply.data.map(({ embedding }) => embedding)).toEqual([
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
  });

  test.each<[string, unknown, string]>([
    ["nothing", [{}], "invalid input type"],
    ["a URL", [{ image: "https://example.com/a.png" }], "image URLs are not currently supported"],
    ["no base64", [{ image: "?" }], "illegal base64 data at input byte 0"],
    ["no text", [{ text: 5 }], "invalid input type"],
  ])("%s is refused", async (_, input, message) => {
    const reply = await ask(seeing(), input);
    expect([reply.status, JSON.stringify(await reply.json())]).toEqual([
      400,
      expect.stringContaining(message),
    ]);
  });

  test("a model without eyes refuses in this dialect's shape", async () => {
    const app = fakeApp([fakeModel("eyes", { embeddingOnly: true, capabilities: ["embedding"] })]);
    const reply = await ask(app, [{ image: cat }]);
    expect([reply.status, await reply.json()]).toEqual([
      400,
      {
        error: expect.objectContaining({
          message: "registry.ollama.ai/library/eyes:latest does not support vision",
          type: "invalid_request_error",
        }),
      },
    ]);
  });
});
