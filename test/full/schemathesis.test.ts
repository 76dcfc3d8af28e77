/** Thousands of requests that schemathesis (PyPI) makes from the OpenAPI document, against a real server with a tiny model. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MEDIA } from "../../src/store/media-type.ts";
import { tinyLlama } from "../support/models.ts";
import { runPython } from "../support/python.ts";
import { type RegistryServer, startRegistry } from "../support/registry-server.ts";
import { createModel, deriveModel, OFFLINE, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 600_000;
const CONFIG = join(import.meta.dir, "schemathesis");
const DOCUMENT = join(import.meta.dir, "../../openapi/openapi.json");

/** Models of the registry that is there. */
const [PULLED, PUSHED] = ["library/tiny", "ada/mine"];

/** The models that the document's examples name. */
const [MODEL, EXPENDABLE] = ["smollm2", "my-model"];

/**
 * The server asks for a key from the start: one of the requests makes one, and would otherwise close it to all that come after. It is
 * one of a file, which no request can revoke.
 */
const KEY = "llamero-a-key-for-all-that-schemathesis-asks";

let server: TestServer;
let scratch: string;
let blob: string;
let registry: RegistryServer;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "llamero-schemathesis-"));
  // An Ollama store in which there is nothing.
  await Promise.all(["manifests", "blobs"].map((folder) => mkdir(join(scratch, folder))));
  registry = await startRegistry();
  const gguf = await tinyLlama();
  registry.publish(`${PULLED}:latest`, registry.blob(MEDIA.model, await Bun.file(gguf).bytes()));
  const env = {
    ...OFFLINE,
    OLLAMA_MODELS: join(scratch, "models"),
    // Others are refused at once, instead of being tried again and again.
    OLLAMA_ALLOWED_REGISTRIES: registry.host,
  };
  const open = await startServer(env);
  // Whatever is asked for, an answer is short.
  blob = await createModel(open, MODEL, gguf, { parameters: { num_predict: 8 } });
  await deriveModel(open, EXPENDABLE, MODEL);
  await deriveModel(open, `${registry.host}/${PUSHED}`, MODEL);
  await open.stop();
  await writeFile(join(scratch, "keys"), `tester ${KEY} scopes=admin\n`);
  server = await startServer({ ...env, OLLAMA_API_KEYS_FILE: join(scratch, "keys") });
}, LIMIT_MS);

afterAll(async () => {
  await server?.stop();
  await registry?.[Symbol.asyncDispose]();
  if (scratch) await rm(scratch, { recursive: true, force: true });
});

/** What the server logged of the requests that it failed. */
const errorsOf = ({ stderr }: TestServer): string =>
  stderr()
    .split("\n")
    .filter((line) => line.includes("level=ERROR"))
    .join("\n");

test(
  "no request gets a 5xx or a reply that the document does not describe",
  async () => {
    const args = ["--no-color", "--config-file", join(CONFIG, "schemathesis.toml"), "run", DOCUMENT];
    const { stdout, code } = await runPython("from schemathesis.cli import schemathesis; schemathesis()", {
      requirements: "requirements-schemathesis.txt",
      args: [...args, "--url", server.url, "--header", `Authorization: Bearer ${KEY}`],
      env: {
        PYTHONPATH: CONFIG,
        PYTHONDONTWRITEBYTECODE: "1",
        LLAMERO_MODEL: MODEL,
        LLAMERO_BLOB: blob,
        LLAMERO_STORE: scratch,
        LLAMERO_PULLED: `${registry.host}/${PULLED}`,
        LLAMERO_PUSHED: `${registry.host}/${PUSHED}`,
      },
      cwd: scratch,
      timeoutMs: LIMIT_MS,
    });
    if (code !== 0) throw new Error(`schemathesis exited with ${code}:\n${stdout}\n${errorsOf(server)}`);
    const operations = Number(/Selected: (\d+)/.exec(stdout)?.[1]);
    const cases = Number(/(\d+) generated/.exec(stdout)?.[1]);
    expect(stdout).toContain(`Tested: ${operations}`);
    expect(operations).toBeGreaterThanOrEqual(14);
    expect(cases).toBeGreaterThan(30 * operations);
  },
  LIMIT_MS,
);
