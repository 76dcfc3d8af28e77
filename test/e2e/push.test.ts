/** `llamero push` to Debian's docker-registry: real models, real processes. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { copyFileSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { createClient, unwrap } from "llamero/client";
import { renderManifest } from "../../src/store/manifest.ts";
import { MEDIA } from "../../src/store/media-type.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { smollm2, tinyLlama } from "../support/models.ts";
import { ollamaStore } from "../support/ollama-store.ts";
import { runProgram } from "../support/run-program.ts";
import { createModel, deriveModel, startServer, type TestServer } from "../support/server.ts";
import { digestOf, tempDirectory } from "../support/store-fixture.ts";

const LIMIT_MS = 240_000;
const MAIN = join(import.meta.dir, "../../src/main.ts");

let registry: DockerRegistry;
let server: TestServer;
let client: ReturnType<typeof createClient>;

beforeAll(async () => {
  registry = await startDockerRegistry();
  server = await startServer({ OLLAMA_ALLOWED_REGISTRIES: registry.host });
  client = createClient({ host: server.url });
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  await registry?.stop();
});

const llamero = (...args: string[]) => runProgram([MAIN, ...args], { OLLAMA_HOST: server.url });

/** Digests of the manifests that are installed, by name. */
async function installed(): Promise<Record<string, string>> {
  const { models } = unwrap(await client.api.tags.get());
  return Object.fromEntries(models.map(({ name, digest }) => [name, digest]));
}

async function answer(model: string): Promise<string> {
  const options = { num_predict: 8, temperature: 0 };
  return unwrap(await client.api.generate.post({ model, prompt: "Say hello.", stream: false, options }))
    .response;
}

/** What the registry itself has under that name. */
async function manifestAt(path: string, tag = "latest"): Promise<{ digest: string; type: string | null }> {
  const reply = await fetch(`http://${registry.host}/v2/${path}/manifests/${tag}`, {
    headers: { accept: MEDIA.manifest },
  });
  expect(reply.status).toBe(200);
  return { digest: digestOf(await reply.bytes()).slice(7), type: reply.headers.get("content-type") };
}

test(
  "a real model is pushed, removed and pulled back: same digests, same answer",
  async () => {
    const model = `${registry.host}/me/smollm2`;
    await createModel(server, model, await smollm2(), { system: "You are a helpful AI assistant." });
    const before = await installed();
    const said = await answer(model);
    expect(said.trim()).not.toBe("");

    const pushed = await llamero("push", model, "--insecure");
    expect([pushed.code, pushed.stdout]).toEqual([0, `\nYou can find your model at:\n\n\t${model}:latest\n`]);
    expect(pushed.stderr).toMatch(
      /^retrieving manifest\n(pushing [0-9a-f]{12}\n){3,}pushing manifest\nsuccess\n$/,
    );
    const there = await manifestAt("me/smollm2");
    expect(there).toEqual({ digest: before[`${model}:latest`]!, type: MEDIA.manifest });

    expect((await llamero("rm", model)).code).toBe(0);
    expect(await installed()).toEqual({});
    expect((await llamero("pull", model, "--insecure")).code).toBe(0);
    expect(await installed()).toEqual(before);
    expect(await answer(model)).toBe(said);
  },
  LIMIT_MS,
);

test(
  "what the registry has is not sent again, and comes from another repository where it can",
  async () => {
    const [base, child] = [`${registry.host}/me/smollm2`, `${registry.host}/you/pirate`];
    const again = await llamero("push", base, "--insecure");
    expect(again.code).toBe(0);
    const requests = () => registry.log().match(/"(POST|PATCH) [^"]*"/g) ?? [];
    const before = requests().length;
    await deriveModel(server, child, base, { system: "You are a pirate." });
    expect((await llamero("push", child, "--insecure")).code).toBe(0);
    const sent = requests().slice(before);
    const weights = `mount=${digestOf(await Bun.file(await smollm2()).bytes())}&from=me/smollm2`;
    expect(sent.filter((line) => line.includes(weights))).toHaveLength(1);
    // The system text and the config are its own; the weights are not among what is sent.
    expect(sent.filter((line) => line.includes("PATCH"))).toHaveLength(2);
    await manifestAt("you/pirate");
  },
  LIMIT_MS,
);

test(
  "a model of Ollama's own store is imported and pushed, its manifest as it was",
  async () => {
    using home = tempDirectory();
    const ollama = ollamaStore(join(home.path, "models"));
    const gguf = await smollm2();
    const weights = digestOf(await Bun.file(gguf).bytes());
    mkdirSync(dirname(ollama.blobPath(weights)), { recursive: true });
    copyFileSync(gguf, ollama.blobPath(weights));
    const layers = [
      { mediaType: MEDIA.model, digest: weights, size: statSync(gguf).size },
      ollama.blob(MEDIA.system, "You came from Ollama."),
      ollama.blob(MEDIA.params, '{"num_predict":8}\n'),
    ];
    const config = ollama.blob(MEDIA.config, '{"model_format":"gguf","model_family":"llama"}');
    const manifest = renderManifest({ config, layers });
    ollama.manifest(`${registry.host}/us/imported/v1`, manifest);

    const name = `${registry.host}/us/imported:v1`;
    const imported = await llamero("import", ollama.directory);
    expect(imported.stdout).toContain(`imported '${name}'`);
    expect((await llamero("push", name, "--insecure")).code).toBe(0);
    const want = digestOf(manifest).slice(7);
    expect(await manifestAt("us/imported", "v1")).toEqual({ digest: want, type: MEDIA.manifest });
    await llamero("rm", name);
    expect((await llamero("pull", name, "--insecure")).code).toBe(0);
    expect((await installed())[name]).toBe(want);
  },
  LIMIT_MS,
);

describe("a registry that asks for a password", () => {
  test(
    "gets it, and says no without",
    async () => {
      const credentials = { username: "me", password: "secret" };
      await using locked = await startDockerRegistry({ credentials });
      await using other = await startServer({ OLLAMA_ALLOWED_REGISTRIES: locked.host });
      const model = `${locked.host}/me/smollm2`;
      await createModel(other, model, await smollm2());
      const there = createClient({ host: other.url });
      const denied = Array.fromAsync(there.push({ model, insecure: true }));
      expect(await denied.catch((error: Error) => error.message)).toBe("unauthorized: access denied");
      const cli = await runProgram([MAIN, "push", model, "--insecure"], { OLLAMA_HOST: other.url });
      expect([cli.code, cli.stdout]).toEqual([1, ""]);
      expect(cli.stderr).toEndWith(
        "Error: you are not authorized to push to this namespace, create the model under a namespace you own\n",
      );
      const lines = await Array.fromAsync(there.push({ model, insecure: true, ...credentials }));
      expect(lines.at(-1)).toEqual({ status: "success" });
    },
    LIMIT_MS,
  );
});

test(
  "what cannot be pushed is said before anything is sent",
  async () => {
    const missing = await llamero("push", `${registry.host}/me/none`);
    expect([missing.code, missing.stdout, missing.stderr]).toEqual([
      1,
      "",
      `retrieving manifest\ncouldn't retrieve manifest\nError: model '${registry.host}/me/none:latest' not found\n\nDid you mean this?\n\t${registry.host}/me/smollm2\n`,
    ]);
    await llamero("cp", `${registry.host}/me/smollm2`, "registry.example/me/smollm2");
    const strange = await llamero("push", "registry.example/me/smollm2");
    expect(strange.stderr).toContain('registry "registry.example" is not allowed');
    expect((await llamero("push", "a b")).stderr).toBe("Error: 400 Bad Request: invalid model name\n");
  },
  LIMIT_MS,
);

test(
  "a draft goes with its model, is not pulled with it unless that is set, and is missed by nobody",
  async () => {
    const model = `${registry.host}/me/drafted`;
    await createModel(server, "base", await tinyLlama({ seed: 1 }));
    await createModel(server, "small", await tinyLlama({ seed: 2 }));
    const made = await client.api.create.post({ model, from: "base", draft: "small", stream: false });
    expect(made.error).toBeNull();
    const before = (await installed())[`${model}:latest`]!;
    expect((await llamero("push", model, "--insecure")).code).toBe(0);
    for (const name of [model, "base", "small"]) expect((await llamero("rm", name)).code).toBe(0);

    const pulled = await llamero("pull", model, "--insecure");
    expect([pulled.code, pulled.stderr]).toEqual([0, expect.stringContaining("leaving out the draft model")]);
    expect(await installed()).toMatchObject({ [`${model}:latest`]: before });
    expect(await answer(model)).not.toBe("");
    expect((await llamero("verify")).code).toBe(0);

    // The registry has the draft already; another repository has not.
    expect((await llamero("push", model, "--insecure")).code).toBe(0);
    expect((await manifestAt("me/drafted")).digest).toBe(before);
    const other = `${registry.host}/you/drafted`;
    expect((await llamero("cp", model, other)).code).toBe(0);
    const pushed = await llamero("push", other, "--insecure");
    expect([pushed.code, pushed.stderr]).toEqual([0, expect.stringContaining("leaving out the draft model")]);
    expect((await manifestAt("you/drafted")).digest).not.toBe(before);

    await using wanting = await startServer({
      OLLAMA_ALLOWED_REGISTRIES: registry.host,
      OLLAMA_DRAFT_MODELS: "1",
    });
    const got = await runProgram([MAIN, "pull", model, "--insecure"], { OLLAMA_HOST: wanting.url });
    expect([got.code, got.stderr]).toEqual([0, expect.not.stringContaining("leaving out")]);
    const shown = await createClient({ host: wanting.url }).api.show.post({ model });
    expect(unwrap(shown).modelfile).toMatch(/^DRAFT /m);
  },
  LIMIT_MS,
);
