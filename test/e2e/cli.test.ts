/** The command line, as a user types it, against a real server. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { smollm2 } from "../support/models.ts";
import { runCommand } from "../support/run-program.ts";
import { startServer, type TestServer } from "../support/server.ts";

const MAIN = join(import.meta.dir, "../../src/main.ts");
const LIMIT_MS = 60_000;
let server: TestServer;
let folder: string;

beforeAll(async () => {
  server = await startServer();
  folder = await mkdtemp(join(tmpdir(), "llamero-cli-"));
  const modelfile = [
    `FROM ${await smollm2()}`,
    "PARAMETER temperature 0.3",
    // Otherwise one answer in some hundreds would end before it has said anything.
    "PARAMETER seed 1",
    "PARAMETER num_predict 16",
    'SYSTEM "You are a senior DevOps engineer specializing in Kubernetes."',
    'LICENSE """Apache-2.0"""',
  ];
  await Bun.write(join(folder, "Modelfile"), `${modelfile.join("\n")}\n`);
}, 300_000);

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
}, 30_000);

interface Run {
  code: number;
  out: string;
  err: string;
}

async function llamero(args: string[], stdin?: string): Promise<Run> {
  const { code, stdout, stderr } = await runCommand([process.execPath, MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder, OLLAMA_HOST: server.url },
    stdin,
  });
  return { code, out: stdout, err: stderr };
}

describe("the guide's last example", () => {
  test(
    "create makes a model from a Modelfile",
    async () => {
      const { code, err } = await llamero(["create", "my-devops-model", "-f", "Modelfile"]);
      expect(err).toContain("success");
      expect(code).toBe(0);
      const { models } = (await (await fetch(`${server.url}/api/tags`)).json()) as {
        models: { name: string }[];
      };
      expect(models.map(({ name }) => name)).toEqual(["my-devops-model:latest"]);
    },
    LIMIT_MS,
  );

  test(
    "the permanent SYSTEM reaches the prompt, and the parameters hold",
    async () => {
      const response = await fetch(`${server.url}/api/chat`, {
        method: "POST",
        body: JSON.stringify({
          model: "my-devops-model",
          messages: [{ role: "user", content: "Hello" }],
          stream: false,
          _debug_render_only: true,
        }),
      });
      expect(await response.text()).toContain("You are a senior DevOps engineer specializing in Kubernetes.");
      const answer = await fetch(`${server.url}/api/generate`, {
        method: "POST",
        body: JSON.stringify({ model: "my-devops-model", prompt: "Tell a long story.", stream: false }),
      });
      expect(await answer.json()).toMatchObject({ done: true, eval_count: 16, done_reason: "length" });
    },
    LIMIT_MS,
  );
});

describe("run", () => {
  test(
    "one shot: the answer on stdout, nothing else",
    async () => {
      const { code, out, err } = await llamero(["run", "my-devops-model", "Say", "hello."]);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out.trim().length).toBeGreaterThan(0);
      expect(out).not.toContain("\x1b");
    },
    LIMIT_MS,
  );

  test(
    "piped input is the prompt's beginning",
    async () => {
      const { code, out } = await llamero(
        ["run", "my-devops-model", "Summarize this."],
        "A very short text.\n",
      );
      expect(code).toBe(0);
      expect(out.trim().length).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  test(
    "--verbose tells counts and rates",
    async () => {
      const { err } = await llamero(["run", "my-devops-model", "Hi", "--verbose"]);
      for (const label of ["total duration:", "prompt eval count:", "eval rate:"])
        expect(err).toContain(label);
    },
    LIMIT_MS,
  );

  test(
    "--format json answers with JSON",
    async () => {
      const schema = '{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]}';
      // With all the blanks that the grammar allows, the longest answer has 75 characters: no limit cuts it off.
      await Bun.write(join(folder, "Json"), "FROM my-devops-model\nPARAMETER num_predict 80\n");
      expect((await llamero(["create", "json", "-f", "Json"])).code).toBe(0);
      const { out } = await llamero(["run", "json", "Is it ok?", "--format", schema]);
      expect(JSON.parse(out)).toEqual({ ok: expect.any(Boolean) });
      expect((await llamero(["rm", "json"])).code).toBe(0);
    },
    LIMIT_MS,
  );

  test(
    "a model that is not there",
    async () => {
      const { code, err } = await llamero(["run", "absent", "Hi"]);
      expect(code).toBe(1);
      // It is looked for at its registry, which the tests have no way to.
      expect(err).toMatch(/^Error: /m);
    },
    LIMIT_MS,
  );
});

describe("managing models", () => {
  test(
    "list, ps, show, cp, stop, rm",
    async () => {
      expect((await llamero(["list"])).out).toMatch(
        /^NAME +ID +SIZE +MODIFIED *\nmy-devops-model:latest +[0-9a-f]{12} +98 MB /,
      );
      expect((await llamero(["run", "my-devops-model", "Hi"])).code).toBe(0);
      expect((await llamero(["ps"])).out).toMatch(/my-devops-model:latest .* 100% CPU +4096 /);
      const show = await llamero(["show", "my-devops-model"]);
      for (const text of ["architecture", "llama", "134.52M", "Q4_1", "temperature", "You are a senior"])
        expect(show.out).toContain(text);
      const file = (await llamero(["show", "--modelfile", "my-devops-model"])).out;
      expect(file).toContain("PARAMETER temperature 0.3");
      expect((await llamero(["cp", "my-devops-model", "copy"])).out).toBe(
        "copied 'my-devops-model' to 'copy'\n",
      );
      expect((await llamero(["stop", "my-devops-model"])).code).toBe(0);
      expect((await llamero(["rm", "copy", "my-devops-model"])).out).toBe(
        "deleted 'copy'\ndeleted 'my-devops-model'\n",
      );
      expect((await llamero(["list"])).out.trim()).toMatch(/^NAME +ID +SIZE +MODIFIED$/);
    },
    LIMIT_MS,
  );
});

describe("mistakes", () => {
  const cases: [string[], string][] = [
    [["bogus"], 'Error: unknown command "bogus" for "llamero"\n'],
    [["stop"], "Error: accepts 1 arg(s), received 0\n"],
    [["show", "absent"], "Error: model 'absent:latest' not found\n"],
    [["create", "x", "-f", "nowhere"], "Error: specified Modelfile wasn't found\n"],
    [["create", "a b c!", "-f", "Modelfile"], "Error: invalid model name: a b c!\n"],
  ];
  test.each(cases)(
    "%j",
    async (args, message) => {
      expect(await llamero(args)).toMatchObject({ code: 1, out: "", err: message });
    },
    LIMIT_MS,
  );

  test.skipIf(!existsSync("/dev/full"))(
    "an output that cannot be written is one line, one that nobody reads none",
    async () => {
      const shell = async (line: string) => {
        const command = `'${process.execPath}' '${MAIN}'`;
        const env = { PATH: process.env.PATH ?? "", HOME: folder, OLLAMA_HOST: server.url };
        return runCommand(["sh", "-c", line.replace("llamero", command)], { env });
      };
      expect(await shell("llamero --help > /dev/full")).toEqual({
        code: 1,
        stdout: "",
        stderr: "Error: the output cannot be written: ENOSPC: no space left on device, write\n",
      });
      expect(await shell("llamero --help > /dev/full 2>&1")).toMatchObject({ code: 1 });
      expect(await shell("llamero nothing 2> /dev/full")).toMatchObject({ code: 1 });
      expect(await shell("(llamero serve --help; echo $? >&2) | true")).toMatchObject({ stderr: "141\n" });
    },
    LIMIT_MS,
  );

  test(
    "a server that is not there",
    async () => {
      const child = Bun.spawn([process.execPath, MAIN, "list"], {
        env: { PATH: process.env.PATH ?? "", HOME: folder, OLLAMA_HOST: "127.0.0.1:9" },
        stderr: "pipe",
      });
      expect(await new Response(child.stderr).text()).toMatch(
        /^Error: could not connect to llamero server at http:\/\/127\.0\.0\.1:9, run '[^']+ serve' to start it\n$/,
      );
      expect(await child.exited).toBe(1);
    },
    LIMIT_MS,
  );

  test(
    "a bad variable is refused at start by its name",
    async () => {
      const child = Bun.spawn([process.execPath, MAIN, "serve"], {
        env: { PATH: process.env.PATH ?? "", HOME: folder, OLLAMA_NUM_PARALLEL: "many" },
        stderr: "pipe",
      });
      const error = await new Response(child.stderr).text();
      expect(error).toStartWith("Error: ");
      expect(error).toContain("OLLAMA_NUM_PARALLEL");
      expect(await child.exited).toBe(1);
    },
    LIMIT_MS,
  );

  describe("a log of JSON lines has nothing else in it", () => {
    const START = join(import.meta.dir, "../../src/start-server.ts");
    /** Starts a server of its own. @returns what was logged last. */
    async function lastLine(env: Record<string, string>, before = ""): Promise<object | undefined> {
      const script = `import { startServer } from ${JSON.stringify(START)};
        ${before}
        process.exit(await startServer(process.env, ${JSON.stringify(folder)}, "1.2.3"));`;
      const { code, stdout, stderr } = await runCommand([process.execPath, "-e", script], {
        env: { PATH: process.env.PATH ?? "", HOME: folder, OLLAMA_LOG_FORMAT: "json", ...env },
      });
      expect([code, stdout]).toEqual([1, ""]);
      const lines = stderr
        .trimEnd()
        .split("\n")
        .map((line): object => JSON.parse(line));
      return lines.at(-1);
    }

    test.each<[string, Record<string, string>, string]>([
      ["a bad variable", { OLLAMA_NUM_PARALLEL: "many" }, "OLLAMA_NUM_PARALLEL"],
      ["a folder that cannot be used", { OLLAMA_MODELS: "/dev/null/models" }, "cannot be used"],
    ])(
      "%s",
      async (_, env, reason) => {
        const line = await lastLine(env);
        expect(line).toEqual({
          time: expect.any(String),
          level: "ERROR",
          msg: "ended",
          error: expect.stringContaining(reason),
        });
      },
      LIMIT_MS,
    );

    test.each([
      ["an exception", 'setTimeout(() => { throw new Error("a bug"); }, 1_000);'],
      ["a rejection", 'setTimeout(() => void Promise.reject(new Error("a bug")), 1_000);'],
    ])(
      "%s that nobody catches",
      async (_, before) => {
        const line = await lastLine({ OLLAMA_HOST: "127.0.0.1:0" }, before);
        expect(line).toMatchObject({ level: "ERROR", msg: "crashed", error: "a bug" });
        expect(line).toHaveProperty("stack");
      },
      LIMIT_MS,
    );
  });

  test(
    "a port in use is one clear line",
    async () => {
      const child = Bun.spawn([process.execPath, MAIN, "serve"], {
        env: { PATH: process.env.PATH ?? "", HOME: folder, OLLAMA_HOST: `127.0.0.1:${server.port}` },
        stderr: "pipe",
      });
      const error = await new Response(child.stderr).text();
      expect(error).toEndWith(`Error: listen tcp 127.0.0.1:${server.port}: bind: address already in use\n`);
      expect(await child.exited).toBe(1);
    },
    LIMIT_MS,
  );
});
