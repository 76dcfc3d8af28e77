/** Pictures through a real server, in every dialect. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import sharp from "sharp";
import { COLOURS } from "../support/colour-projector.ts";
import { smollm2 } from "../support/models.ts";
import { bytesOf, pictureOf } from "../support/pictures.ts";
import { pairFiles } from "../support/published/files.ts";
import { createModel, type TestServer } from "../support/server.ts";
import { createEyes, startVisionServer } from "../support/vision-server.ts";

const QUESTION = "Repeat this word:";
const names = Object.keys(COLOURS);
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
const urlOf = (picture: string): string => `data:image/png;base64,${picture}`;

let server: TestServer;
beforeAll(async () => {
  server = await startVisionServer({
    OLLAMA_NUM_PARALLEL: "4",
    OLLAMA_MAX_LOADED_MODELS: "1",
    OLLAMA_DEBUG: "1",
  });
  await createEyes(server, "eyes");
  await createModel(server, "blind", await smollm2());
}, 600_000);
afterAll(() => server[Symbol.asyncDispose]());

async function post(path: string, body: object): Promise<{ status: number; reply: Record<string, unknown> }> {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, reply: (await response.json()) as Record<string, unknown> };
}

/** What each dialect says to a picture behind the question. */
const DIALECTS: Record<string, (picture: string) => Promise<unknown>> = {
  "/api/generate": async (picture) => {
    const body = { model: "eyes", prompt: `${QUESTION}[img]`, raw: true, images: [picture], stream: false };
    return (await post("/api/generate", body)).reply.response;
  },
  "/api/chat": async (picture) => {
    const messages = [{ role: "user", content: `${QUESTION}[img]`, images: [picture] }];
    const { reply } = await post("/api/chat", { model: "eyes", messages, stream: false });
    return (reply.message as { content: string }).content;
  },
  "/v1/chat/completions": async (picture) => {
    const image_url = { url: urlOf(picture), detail: "low" };
    const content = [
      { type: "text", text: QUESTION },
      { type: "image_url", image_url },
    ];
    const { reply } = await post("/v1/chat/completions", {
      model: "eyes",
      messages: [{ role: "user", content }],
    });
    return (reply.choices as { message: { content: string } }[])[0]?.message.content;
  },
  "/v1/responses": async (picture) => {
    const image = { type: "input_image", image_url: urlOf(picture), detail: "auto" };
    const input = [{ role: "user", content: [{ type: "input_text", text: QUESTION }, image] }];
    const { reply } = await post("/v1/responses", { model: "eyes", input });
    return (reply.output as { content: { text: string }[] }[])[0]?.content[0]?.text;
  },
  "/v1/messages": async (picture) => {
    const source = { type: "base64", media_type: "image/png", data: picture };
    const content = [
      { type: "text", text: QUESTION },
      { type: "image", source },
    ];
    const body = { model: "eyes", max_tokens: 4, messages: [{ role: "user", content }] };
    return ((await post("/v1/messages", body)).reply.content as { text: string }[])[0]?.text;
  },
  "/v1/messages, in a tool's result": async (picture) => {
    const source = { type: "base64", media_type: "image/png", data: picture };
    const result = [
      { type: "text", text: QUESTION },
      { type: "image", source },
    ];
    const messages = [
      { role: "user", content: "Look." },
      { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "camera", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: result }] },
    ];
    const body = { model: "tools", max_tokens: 4, messages };
    return ((await post("/v1/messages", body)).reply.content as { text: string }[])[0]?.text;
  },
};

describe("ten colours of ten", () => {
  beforeAll(async () => {
    // Its template shows what tools gave.
    const template = "{{ range .Messages }}{{ if not .ToolCalls }}{{ .Content }}{{ end }}{{ end }}";
    const body = { model: "tools", from: "eyes", template, stream: false };
    expect((await post("/api/create", body)).status).toBe(200);
  });

  test.each(Object.keys(DIALECTS))(
    "%s",
    async (path) => {
      const said: unknown[] = [];
      for (const name of names) said.push(await DIALECTS[path]!(base64(await pictureOf(name))));
      expect(said.map((text) => String(text).trim().split(" ")[0])).toEqual(names);
    },
    60_000,
  );

  test("in every format that is taken", async () => {
    const red = {
      create: { width: 64, height: 64, channels: 3 as const, background: { r: 255, g: 0, b: 0 } },
    };
    const files = [
      sharp(red).jpeg({ quality: 100 }),
      sharp(red).webp({ lossless: true }),
      sharp(red).gif(),
      sharp(red).avif({ lossless: true }),
    ];
    for (const file of files) {
      expect(String(await DIALECTS["/api/chat"]!(base64(await bytesOf(file)))).trim()).toStartWith("red");
    }
  });

  test("what is transparent is white, and EXIF turns what lies on its side", async () => {
    const clear = sharp({
      create: { width: 64, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    });
    expect(String(await DIALECTS["/api/chat"]!(base64(await bytesOf(clear.png())))).trim()).toStartWith(
      "white",
    );
    const red = sharp({ create: { width: 64, height: 64, channels: 3, background: { r: 255, g: 0, b: 0 } } });
    const turned = base64(await bytesOf(red.jpeg().withMetadata({ orientation: 6 })));
    expect(String(await DIALECTS["/api/chat"]!(turned)).trim()).toStartWith("red");
  });
});

describe("several", () => {
  test("two pictures in one prompt, each in its place", async () => {
    const [blue, pink] = await Promise.all(
      ["blue", "pink"].map(async (name) => base64(await pictureOf(name))),
    );
    const say = async (images: (string | undefined)[]) => {
      const content = `${QUESTION}[img] ${QUESTION}[img]`;
      const { reply } = await post("/api/chat", {
        model: "eyes",
        messages: [{ role: "user", content, images }],
        stream: false,
      });
      return (reply.message as { content: string }).content.trim();
    };
    expect(await say([blue, pink])).toStartWith("pink");
    expect(await say([pink, blue])).toStartWith("blue");
  });

  test("four slots see four pictures at the same time", async () => {
    const four = names.slice(4, 8);
    const said = await Promise.all(
      four.map(async (name) => DIALECTS["/api/chat"]!(base64(await pictureOf(name)))),
    );
    expect(said.map((text) => String(text).trim().split(" ")[0])).toEqual(four);
  });

  test("an image is encoded once, however often and in whichever dialect it is asked about", async () => {
    const picture = base64(await pictureOf("green", 96));
    const encodings = () => server.stderr().split("encoded ").length - 1;
    await DIALECTS["/api/chat"]!(picture);
    const before = encodings();
    for (const ask of Object.values(DIALECTS).slice(0, 5)) await ask(picture);
    expect(encodings() - before).toBe(0);
  });
});

describe("text that looks like a place for a picture is text", () => {
  test.each(["[img]", "[img-0]", "<__media__>", "<image>"])("%s", async (marker) => {
    const { status, reply } = await post("/api/chat", {
      model: "eyes",
      messages: [{ role: "user", content: `Say ${marker}` }],
      stream: false,
    });
    expect([status, (reply.prompt_eval_count as number) < 16]).toEqual([200, true]);
  });
});

describe("refused, with the reason", () => {
  const ask = async (picture: string, model = "eyes") =>
    post("/api/chat", {
      model,
      messages: [{ role: "user", content: "?", images: [picture] }],
      stream: false,
    });
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic0000mif1heic")]);

  test.each<[string, () => Promise<Uint8Array>, string]>([
    ["HEIC", async () => heic, "HEIC is not supported: send PNG, JPEG, WebP, GIF or AVIF, or WAV"],
    [
      "SVG",
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      "SVG is not supported: send PNG, JPEG, WebP, GIF or AVIF, or WAV",
    ],
    [
      "TIFF",
      async () => bytesOf(sharp(await pictureOf("red")).tiff()),
      "TIFF is not supported: send PNG, JPEG, WebP, GIF or AVIF, or WAV",
    ],
    [
      "nothing known",
      async () => Buffer.from("hello, this is no picture"),
      "an image is of no kind that is known: send PNG, JPEG, WebP, GIF or AVIF, or WAV",
    ],
    [
      "a truncated one",
      async () => (await pictureOf("red", 640)).subarray(0, 300),
      "the picture could not be decoded",
    ],
    ["one that claims to be huge", async () => hugePng(), "the picture has more pixels than are allowed"],
  ])("%s", async (_, make, reason) => {
    const { status, reply } = await ask(base64(await make()));
    expect([status, String(reply.error)]).toEqual([400, expect.stringContaining(reason)]);
  });

  test("more than 16, and by URL", async () => {
    const picture = base64(await pictureOf("red"));
    const images = Array<string>(17).fill(picture);
    const many = await post("/api/chat", {
      model: "eyes",
      messages: [{ role: "user", content: "?", images }],
    });
    expect([many.status, many.reply.error]).toEqual([
      400,
      "a request may have 16 images, and this one has 17",
    ]);
    const content = [{ type: "image_url", image_url: { url: "http://127.0.0.1:9/x.png" } }];
    const { status } = await post("/v1/chat/completions", {
      model: "eyes",
      messages: [{ role: "user", content }],
    });
    expect(status).toBe(400);
  });

  test("by a model without a projector", async () => {
    const { status, reply } = await ask(base64(await pictureOf("red")), "blind");
    expect([status, reply.error]).toEqual([
      400,
      "registry.ollama.ai/library/blind:latest does not support vision",
    ]);
  });
});

/** A PNG whose header promises 30,000 × 30,000 pixels. */
function hugePng(): Uint8Array {
  const header = Buffer.from(
    "89504e470d0a1a0a0000000d49484452000075300000753008020000000000000000000000",
    "hex",
  );
  const crc = Bun.hash.crc32(header.subarray(12, 29));
  header.writeUInt32BE(crc, 29);
  return Buffer.concat([
    header.subarray(0, 33),
    Buffer.from("0000000049444154", "hex"),
    Buffer.from("35af061e", "hex"),
    Buffer.from("0000000049454e44ae426082", "hex"),
  ]);
}

test("show and tags tell of the projector", async () => {
  const { reply } = await post("/api/show", { model: "eyes" });
  expect(reply).toMatchObject({
    capabilities: ["completion", "vision"],
    projector_info: { "general.architecture": "clip", "clip.projector_type": "mlp" },
  });
  const tags = (await (await fetch(`${server.url}/api/tags`)).json()) as {
    models: { name: string; capabilities: string[] }[];
  };
  expect(tags.models.find(({ name }) => name === "eyes:latest")?.capabilities).toContain("vision");
});

describe("published in one file", () => {
  test.each(["gemma3", "gemma4", "qwen25vl", "qwen3vl", "llama4", "mistral3"])(
    "%s sees",
    async (family) => {
      await createModel(server, family, (await pairFiles(family)).published, { template: "{{ .Prompt }}" });
      const show = await post("/api/show", { model: family });
      expect(show.reply.capabilities).toContain("vision");
      const ask = (images: string[]) =>
        post("/api/generate", {
          model: family,
          prompt: "a",
          images,
          raw: true,
          stream: false,
          options: { num_predict: 2 },
        });
      const picture = base64(await pictureOf("red", 128));
      const [seen, unseen] = [await ask([picture]), await ask([])];
      expect([seen.status, seen.reply.error]).toEqual([200, undefined]);
      expect(seen.reply.prompt_eval_count as number).toBeGreaterThan(
        unseen.reply.prompt_eval_count as number,
      );
    },
    60_000,
  );
});

test("conversations with pictures that take turns in one slot are neither evaluated nor encoded again", async () => {
  await using one = await startVisionServer({
    OLLAMA_NUM_PARALLEL: "1",
    OLLAMA_DEBUG: "1",
    OLLAMA_CACHE_RAM: "256MiB",
  });
  await createEyes(one, "eyes");
  const told = "Tell me of it. ".repeat(24);
  const ask = async (colour: string): Promise<Record<string, unknown>> => {
    const images = [base64(await pictureOf(colour))];
    const body = { model: "eyes", prompt: `[img]${told}`, raw: true, images, stream: false };
    const reply = await fetch(`${one.url}/api/generate`, { method: "POST", body: JSON.stringify(body) });
    return (await reply.json()) as Record<string, unknown>;
  };
  const [first] = [await ask("red"), await ask("blue")];
  const encodings = () => one.stderr().split("encoded ").length - 1;
  const before = encodings();
  const again = await ask("red");
  expect(again.prompt_eval_cached_count as number).toBeGreaterThan((first.prompt_eval_count as number) - 8);
  expect(again.response).toBe(first.response as string);
  expect(encodings()).toBe(before);
}, 120_000);
