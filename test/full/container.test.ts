/**
 * The container's image and compose.yaml, where no container engine runs: the Dockerfile's steps are done in Debian roots, and what
 * compose would start is started in the image's root.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { YAML } from "bun";
import { MEDIA } from "../../src/store/media-type.ts";
import { type Built, buildDockerfile } from "../support/dockerfile.ts";
import { tinyLlama } from "../support/models.ts";
import { python } from "../support/python.ts";
import { startRegistry } from "../support/registry-server.ts";
import { runCommand } from "../support/run-program.ts";
import { freePort } from "../support/server.ts";

const ROOT = join(import.meta.dir, "../..");
const CONTAINER = join(ROOT, "deploy/container");
const LIMIT_MS = 900_000;

interface Service {
  image: string;
  ports?: string[];
  volumes?: string[];
  environment: string[];
  depends_on?: Record<string, { condition: string }>;
  entrypoint?: string[];
  restart: string;
  read_only?: boolean;
  cap_drop?: string[];
  deploy?: { resources: { reservations: { devices: { driver: string; capabilities: string[] }[] } } };
  build?: { args: Record<string, string> };
}

const compose = async (name: string): Promise<Record<string, Service>> =>
  (YAML.parse(await Bun.file(join(CONTAINER, name)).text()) as { services: Record<string, Service> })
    .services;

let image: Built;

beforeAll(async () => {
  image = await buildDockerfile(await Bun.file(join(CONTAINER, "Dockerfile")).text(), ROOT);
  await appendFile(join(image.root.folder, "etc/hosts"), "\n127.0.0.1 llamero\n");
}, LIMIT_MS);

afterAll(() => image?.[Symbol.asyncDispose](), LIMIT_MS);

async function megabytesOf({ root }: Built): Promise<string | undefined> {
  const { stdout } = await runCommand(["du", "-sm", "--one-file-system", "--exclude=./data", root.folder]);
  return stdout.split("\t")[0];
}

/** Lines of `environment`, as compose fills them in where nothing is set. */
const environmentOf = ({ environment }: Service): Record<string, string> =>
  Object.fromEntries(
    environment.map((line) => {
      const [, name = "", value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return [name, value.replace(/^\$\{\w+:-(.*)\}$/, "$1")];
    }),
  );

/** Runs a command of the image as its user. */
const inside = (script: string, env: Record<string, string>) =>
  image.root.run(script, {
    user: `${image.user}:${image.user}`,
    env: { ...image.env, PATH: "/usr/local/bin:/usr/bin:/bin", ...env },
  });

/** Sends a signal to every process of a user that nothing else on this machine is. */
async function endAllOf(user: string, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const { stdout } = await runCommand(["pgrep", "-u", user]);
  for (const pid of stdout.split("\n").filter((line) => line !== "")) process.kill(Number(pid), signal);
}

/** Asks the image's own health check until it says yes. @returns how often it has said no. */
async function untilHealthy(port: number, env: Record<string, string>): Promise<number> {
  const check = `exec ${image.healthcheck[0]} ${image.healthcheck[1]} "${image.healthcheck[2]?.replace("11434", `${port}`)}"`;
  for (let failures = 0; failures < 200; failures++) {
    if ((await inside(check, env)).code === 0) return failures;
    await Bun.sleep(100);
  }
  throw new Error("the container does not become healthy");
}

test(
  "hadolint finds nothing in the Dockerfile",
  async () => {
    const hadolint = join(await python("requirements-hadolint.txt"), "../hadolint");
    const { code, stdout, stderr } = await runCommand([hadolint, join(CONTAINER, "Dockerfile")], {
      env: { PATH: process.env.PATH },
    });
    expect([code, stdout + stderr]).toEqual([0, ""]);
  },
  LIMIT_MS,
);

test("compose publishes on this machine only, gives a GPU by an override, and pulls once the server is healthy", async () => {
  const [plain, gpu] = [await compose("compose.yaml"), await compose("compose.gpu.yaml")];
  expect(plain.llamero).toMatchObject({
    ports: ["127.0.0.1:11434:11434"],
    volumes: ["models:/data"],
    restart: "unless-stopped",
    read_only: true,
    cap_drop: ["ALL"],
  });
  expect(plain.pull).toMatchObject({
    depends_on: { llamero: { condition: "service_healthy" } },
    restart: "no",
  });
  expect(gpu.llamero?.deploy?.resources.reservations.devices).toEqual([
    expect.objectContaining({ driver: "nvidia", capabilities: ["gpu"] }),
  ]);
  expect([gpu.llamero?.build?.args, gpu.pull?.image]).toEqual([{ ENGINE: "cuda" }, gpu.llamero?.image]);
});

test(
  "the image's server becomes healthy as its own user, and the one-shot pull brings the models",
  async () => {
    expect(image.user).toBe("10001");
    await using registry = await startRegistry();
    const gguf = new Uint8Array(await Bun.file(await tinyLlama()).arrayBuffer());
    for (const name of ["llama3.2", "nomic-embed-text"])
      registry.publish(`library/${name}:latest`, registry.blob(MEDIA.model, gguf));
    const port = freePort();
    const { llamero, pull } = await compose("compose.yaml");
    const env = {
      ...environmentOf(llamero!),
      OLLAMA_HOST: `0.0.0.0:${port}`,
      // In place of the registry of the internet.
      OLLAMA_REGISTRY_MIRROR: `http://${registry.host}`,
    };
    const serving = inside(`exec ${image.argv.join(" ")}`, env);
    await using _ = { [Symbol.asyncDispose]: () => endAllOf(image.user, "SIGKILL") };
    await untilHealthy(port, env);
    const doctor = await inside("llamero doctor", env);
    expect(doctor.output).toMatch(/^ok {4}engine {4}llama\.cpp v/m);

    const told = { ...environmentOf(pull!), OLLAMA_HOST: `http://llamero:${port}` };
    expect(told).toMatchObject({ MODELS: "llama3.2 nomic-embed-text" });
    const [shell, flag, script = ""] = pull!.entrypoint!;
    expect([shell, flag]).toEqual(["/bin/sh", "-c"]);
    const pulled = await inside(script.replaceAll("$$", "$"), told);
    expect(pulled).toMatchObject({ code: 0 });
    const tags = (await (await fetch(`http://127.0.0.1:${port}/api/tags`)).json()) as {
      models: { name: string }[];
    };
    expect(tags.models.map(({ name }) => name).sort()).toEqual([
      "llama3.2:latest",
      "nomic-embed-text:latest",
    ]);
    // One that there is not ends it with an error, and compose shows whose.
    const failed = await inside(script.replaceAll("$$", "$"), { ...told, MODELS: "absent llama3.2" });
    expect([failed.code, failed.output]).toEqual([1, expect.stringMatching(/^absent\n[\s\S]*Error: /)]);

    await endAllOf(image.user, "SIGTERM");
    expect((await serving).output).toContain("msg=stopping");
    console.log(`the image's root has ${await megabytesOf(image)} MB`);
  },
  LIMIT_MS,
);

test(
  "the CUDA flavour has CUDA's engine, and computes on the CPU where there is no GPU",
  async () => {
    const text = await Bun.file(join(CONTAINER, "Dockerfile")).text();
    const cuda = text.replace("ARG ENGINE=cpu", "ARG ENGINE=cuda");
    expect(cuda).not.toBe(text);
    await using flavour = await buildDockerfile(cuda, ROOT);
    const doctor = await flavour.root.run("llamero doctor", {
      user: `${flavour.user}:${flavour.user}`,
      env: { ...flavour.env, PATH: "/usr/local/bin:/usr/bin:/bin" },
    });
    expect(doctor.output).toMatch(/^ok {4}engine {4}llama\.cpp \S+ \(linux-x64-cuda of /m);
    expect(doctor.output).toMatch(/^ok {4}gpu /m);
    expect(doctor.code).toBe(0);
    console.log(`the CUDA image's root has ${await megabytesOf(flavour)} MB`);
  },
  LIMIT_MS,
);
