/** A server on a machine without a C++ compiler, and a model that could see. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pictureOf } from "../support/pictures.ts";
import { runCommand } from "../support/run-program.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { createEyes } from "../support/vision-server.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const ADVICE = "get it with: llamero engine add vision";
const MESSAGE = `registry.ollama.ai/library/eyes:latest has vision, which is not installed on this server; ${ADVICE}`;

let server: TestServer;
let home: string;
let picture: string;
const env = () => ({ HOME: home, PATH: join(home, "bin") });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "llamero-no-compiler-"));
  await mkdir(join(home, "bin"));
  for (const name of ["git", "tar", "sh"]) await symlink(Bun.which(name) ?? name, join(home, "bin", name));
  picture = join(home, "red.png");
  await Bun.write(picture, await pictureOf("red"));
  server = await startServer(env());
  await createEyes(server, "eyes");
}, 600_000);
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

async function post(path: string, body: object) {
  const response = await fetch(server.url + path, { method: "POST", body: JSON.stringify(body) });
  return { status: response.status, reply: (await response.json()) as Record<string, unknown> };
}

const llamero = (...args: string[]) =>
  runCommand([process.execPath, MAIN, ...args], { cwd: home, env: { ...env(), OLLAMA_HOST: server.url } });

test("the model does not claim to see, and its projector is shown", async () => {
  const { reply } = await post("/api/show", { model: "eyes" });
  expect(reply.capabilities).toEqual(["completion"]);
  expect(reply.projector_info).toMatchObject({ "general.architecture": "clip" });
  const tags = (await (await fetch(`${server.url}/api/tags`)).json()) as { models: object[] };
  expect(tags.models).toMatchObject([{ name: "eyes:latest", capabilities: ["completion"] }]);
});

describe("a picture is refused with the command that helps", () => {
  const data = async () => Buffer.from(await pictureOf("red")).toString("base64");
  const url = async () => `data:image/png;base64,${await data()}`;
  const openaiError = { error: { message: MESSAGE } };

  test.each<[string, () => Promise<object>, object]>([
    ["/api/generate", async () => ({ prompt: "?", images: [await data()] }), { error: MESSAGE }],
    [
      "/api/chat",
      async () => ({ messages: [{ role: "user", content: "?", images: [await data()] }] }),
      { error: MESSAGE },
    ],
    ["/api/embed", async () => ({ images: [await data()] }), { error: MESSAGE }],
    ["/v1/embeddings", async () => ({ input: [{ image: await data() }] }), openaiError],
    [
      "/v1/chat/completions",
      async () => ({
        messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: await url() } }] }],
      }),
      openaiError,
    ],
    [
      "/v1/responses",
      async () => ({
        input: [{ role: "user", content: [{ type: "input_image", image_url: await url() }] }],
      }),
      openaiError,
    ],
    [
      "/v1/messages",
      async () => {
        const source = { type: "base64", media_type: "image/png", data: await data() };
        return { max_tokens: 1, messages: [{ role: "user", content: [{ type: "image", source }] }] };
      },
      { type: "error", error: { message: MESSAGE } },
    ],
  ])("%s", async (path, body, expected) => {
    const { status, reply } = await post(path, { model: "eyes", ...(await body()) });
    expect([status, reply]).toMatchObject([501, expected]);
  });

  test("run", async () => {
    const { code, stdout, stderr } = await llamero("run", "eyes", `What is this? ${picture}`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("the server cannot see yet; on its machine run: llamero engine add vision");
  });
});

test("it loads and reads all the same, and the log says why it does not see", async () => {
  const { status } = await post("/api/generate", { model: "eyes", prompt: "a", stream: false });
  expect(status).toBe(200);
  expect(server.stderr()).toContain("loading: without vision, since there is no C++ compiler on the PATH");
  expect(server.stderr()).toContain(ADVICE);
});

test("engine add vision says what it would take where there is no Python either", async () => {
  const { code, stderr } = await llamero("engine", "add", "vision");
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining(
      "building vision takes a C++ compiler (c++, g++ or clang++), or python3 to fetch one with",
    ),
  ]);
});
