import { describe, expect, test } from "bun:test";
import { type FakeApp, fakeApp } from "../support/fake-app.ts";
import { fakeModel } from "../support/fake-catalog.ts";

const WAV = new TextEncoder().encode("RIFF\0\0\0\0WAVEfmt ");

const hearing = () => fakeApp([fakeModel("ears", { capabilities: ["completion", "audio"] })]);

async function send(
  app: FakeApp,
  fields: Record<string, string>,
  file: Uint8Array<ArrayBuffer> | null = WAV,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  if (file !== null) form.set("file", new File([file], "a.wav"));
  const request = new Request("http://localhost:11434/v1/audio/transcriptions", {
    method: "POST",
    body: form,
  });
  return app.app.handle(request);
}

test("what a model that hears says of a sound", async () => {
  const app = hearing();
  app.engine.replies.push({ texts: [" The sky ", "is blue.\n"] });
  const reply = await send(app, { model: "ears", language: "en", prompt: "weather" });
  expect([reply.status, await reply.json()]).toEqual([200, { text: "The sky is blue." }]);
  expect(app.engine.pictures.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
    Buffer.from(WAV).toString(),
  ]);
  expect(String.fromCodePoint(...app.engine.tasks[0]!.tokens)).toContain(
    "The audio is in en. Context: weather",
  );
  expect(app.engine.tasks[0]).toMatchObject({ sampling: { temperature: 0 } });
});

test("as plain text, and unknown fields told", async () => {
  const app = hearing();
  app.engine.replies.push({ texts: ["Hello."] });
  const reply = await send(app, { model: "ears", response_format: "text", chunking: "auto" });
  expect([await reply.text(), reply.headers.get("content-type")]).toEqual([
    "Hello.",
    "text/plain; charset=utf-8",
  ]);
  expect(reply.headers.get("warning")).toContain("chunking ignored");
});

describe("refused in OpenAI's envelope", () => {
  test.each<[Record<string, string>, Uint8Array<ArrayBuffer>, number, string]>([
    [{}, WAV, 400, "model is required"],
    [{ model: "ears" }, new Uint8Array(0), 400, "audio file is empty"],
    [
      { model: "ears", response_format: "srt" },
      WAV,
      400,
      'response_format "srt" is not supported: json or text',
    ],
    [{ model: "nobody" }, WAV, 404, "model 'nobody' not found"],
    [
      { model: "ears" },
      new TextEncoder().encode("ID3 an mp3"),
      400,
      "MP3 is not supported: send PNG, JPEG, WebP, GIF or AVIF, or WAV",
    ],
  ])("%j", async (fields, file, status, message) => {
    const reply = await send(hearing(), fields, file);
    expect([reply.status, await reply.json()]).toMatchObject([status, { error: { message } }]);
  });

  test("a form without a file, and no form", async () => {
    const reply = await send(hearing(), { model: "ears", file: "text" }, null);
    expect(await reply.json()).toMatchObject({ error: { message: "file is required", param: "file" } });
    const none = await hearing().send("POST", "/v1/audio/transcriptions", "{}");
    expect(await none.json()).toMatchObject({
      error: { message: expect.stringContaining("failed to parse multipart form") },
    });
  });

  test("a model that does not hear", async () => {
    const reply = await send(fakeApp(), { model: "test" });
    expect(await reply.json()).toMatchObject({
      error: { message: "registry.ollama.ai/library/test:latest does not support audio" },
    });
  });
});
