import { describe, expect, test } from "bun:test";
import { COMMANDS } from "../../../src/cli/commands.ts";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli, refusal } from "../../support/fake-cli.ts";

describe("command lines that cannot be run", () => {
  test.each([
    [["bogus"], 'unknown command "bogus" for "llamero"'],
    [["fetch", "x"], 'unknown command "fetch" for "llamero"'],
    [["help", "bogus"], 'unknown command "bogus" for "llamero"'],
    [["show"], "accepts 1 arg(s), received 0"],
    [["cp", "a"], "accepts 2 arg(s), received 1"],
    [["serve", "x"], "accepts 0 arg(s), received 1"],
    [["run"], "requires at least 1 arg(s), only received 0"],
    [["rm"], "requires at least 1 arg(s), only received 0"],
    [["list", "--bogus"], "unknown flag: --bogus"],
    [["--bogus"], "unknown flag: --bogus"],
    [
      ["show", "m", "--license", "--system"],
      "only one of '--license', '--modelfile', '--parameters', '--system', or '--template' can be specified",
    ],
  ])("%j", async (argv, message) => {
    const cli = fakeCli();
    expect(await runCli(argv, cli)).toBe(1);
    expect(cli.err()).toBe(`Error: ${message}\n`);
    expect(cli.out()).toBe("");
  });
});

describe("flags before the command", () => {
  test.each([
    ["--license show m"],
    ["--file Modelfile --help create"],
    ["-f Modelfile -h create"],
    ["-fModelfile -h create"],
    ["--format json --help run m"],
    ["--format=json --help run m"],
    ["--think --help run m"],
    ["--keepalive 5m --verbose --nowordwrap --help run m"],
    ["--dimensions 8 -h run m"],
    ["-h -- run"],
  ])("%s", async (line) => {
    const cli = fakeCli({ routes: { "POST /api/show": () => ({ license: "MIT" }) } });
    expect({ code: await runCli(line.split(" "), cli), err: cli.err() }).toEqual({ code: 0, err: "" });
    expect(cli.out()).toContain(
      line.includes("license") ? "MIT" : `llamero ${line.includes("run") ? "run" : "create"}`,
    );
  });

  test.each([
    ["--verbose list", "unknown flag: --verbose"],
    ["--frob list", "unknown flag: --frob"],
    ["--format", "unknown flag: --format"],
    ["--format run", "unknown flag: --format"],
    [
      "--verbose=maybe run m",
      'invalid argument "maybe" for "--verbose" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
    ],
  ])("%s is refused", async (line, message) => {
    const cli = fakeCli();
    expect(await runCli(line.split(" "), cli)).toBe(1);
    expect(cli.err()).toBe(`Error: ${message}\n`);
  });

  test.each([["--verbose"], ["--nowordwrap"]])("%s alone shows the help", async (flag) => {
    const cli = fakeCli();
    expect(await runCli([flag], cli)).toBe(0);
    expect(cli.out()).toContain("Usage:\n  llamero COMMAND");
  });
});

test.each([["list"], ["ps"], ["show m"], ["cp a b"], ["rm m"], ["stop m"], ["run m hi"], ["create m"]])(
  "%s without a server",
  async (line) => {
    const cli = fakeCli({
      routes: {
        "GET /api/version": () => {
          throw new TypeError("refused");
        },
      },
    });
    expect(await runCli(line.split(" "), cli)).toBe(1);
    expect(cli.err()).toBe(
      "Error: could not connect to llamero server at http://127.0.0.1:11434, run 'llamero serve' to start it\n",
    );
  },
);

test("a server that goes away in the middle of a reply", async () => {
  const lost = Object.assign(new Error("The socket connection was closed unexpectedly."), {
    code: "ECONNRESET",
  });
  const cli = fakeCli({
    routes: {
      "GET /api/tags": () => {
        throw lost;
      },
    },
  });
  expect(await runCli(["list"], cli)).toBe(1);
  expect(cli.err()).toBe("Error: the connection to llamero server at http://127.0.0.1:11434 was lost\n");
});

describe("suggestions", () => {
  const tags = () => ({ models: [{ name: "smollm2:135m" }, { name: "qwen:latest" }] });
  const missing = () => refusal(404, "Not Found", "model 'smolm2:135m' not found");

  test.each([
    ["lst", "list"],
    ["puls", "pulls"],
    ["shwo", "show"],
    ["comp", "completion"],
  ])("%s", async (typed, meant) => {
    const cli = fakeCli();
    await runCli([typed], cli);
    expect(cli.err()).toStartWith(
      `Error: unknown command "${typed}" for "llamero"\n\nDid you mean this?\n\t`,
    );
    expect(cli.err()).toContain(`\t${meant}\n`);
  });

  test("a model whose name is like an installed one's", async () => {
    const cli = fakeCli({ routes: { "POST /api/show": missing, "GET /api/tags": tags } });
    expect(await runCli(["show", "smolm2:135m"], cli)).toBe(1);
    expect(cli.err()).toBe("Error: model 'smolm2:135m' not found\n\nDid you mean this?\n\tsmollm2:135m\n");
  });

  test("also where run could not pull it", async () => {
    const routes = {
      "POST /api/show": missing,
      "GET /api/tags": tags,
      "POST /api/pull": () => refusal(502, "Bad Gateway", "no network"),
    };
    const cli = fakeCli({ routes });
    expect(await runCli(["run", "smol", "hi"], cli)).toBe(1);
    expect(cli.err()).toContain("no network\n\nDid you mean this?\n\tsmollm2:135m\n");
  });
});

test.each(["bash", "zsh", "fish"])("completion for %s knows every command and its flags", async (shell) => {
  const cli = fakeCli();
  expect(await runCli(["completion", shell], cli)).toBe(0);
  for (const { name } of COMMANDS) expect(cli.out()).toContain(name);
  expect(cli.out()).toContain("hidethinking");
});

test("bash completes commands, flags and models", async () => {
  const cli = fakeCli();
  await runCli(["completion", "bash"], cli);
  const complete = (words: string) => {
    const script = `llamero() { printf 'NAME\\na:latest x\\nb:latest y\\n'; }\n${cli.out()}
COMP_LINE="llamero ${words}"; COMP_POINT=\${#COMP_LINE}; COMP_WORDS=(llamero ${words}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _llamero; echo "\${COMPREPLY[@]}"`;
    return Bun.spawnSync(["bash", "-c", script]).stdout.toString().trim();
  };
  expect(complete("pul")).toBe("pull pulls");
  expect(complete("run --hide")).toBe("--hidethinking");
  expect(complete("show b")).toBe("b:latest");
  expect(complete("launch co")).toBe("codex copilot");
  expect(complete("launch codex --model b")).toBe("b:latest");
});

test("another shell is refused", async () => {
  const cli = fakeCli();
  expect(await runCli(["completion", "tcsh"], cli)).toBe(1);
  expect(cli.err()).toBe('Error: unknown shell "tcsh" (must be bash, zsh or fish)\n');
});

describe("--json", () => {
  test("prints what the server said", async () => {
    const models = [
      { name: "a:latest", size: 1 },
      { name: "b:latest", size: 2 },
    ];
    const cli = fakeCli({ routes: { "GET /api/tags": () => ({ models }) } });
    expect(await runCli(["list", "--json", "b"], cli)).toBe(0);
    expect(JSON.parse(cli.out())).toEqual([models[1]]);
  });

  test.each(["list", "ps", "pulls", "queue", "show"])("%s has it", (name) => {
    expect(COMMANDS.find((command) => command.name === name)?.flags.map((flag) => flag.name)).toContain(
      "json",
    );
  });
});

test.each(COMMANDS.map(({ name }) => name))("help of %s is no wider than the terminal", async (name) => {
  const cli = fakeCli({ columns: 80 });
  await runCli(["help", name], cli);
  expect(
    cli
      .out()
      .split("\n")
      .filter((line) => line.length > 80),
  ).toEqual([]);
});

describe("help", () => {
  test.each([[[]], [["--help"]], [["-h"]], [["help"]]])("%j shows every command", async (argv) => {
    const cli = fakeCli();
    expect(await runCli(argv, cli)).toBe(0);
    for (const { name } of COMMANDS) expect(cli.out()).toContain(`\n  ${name} `);
  });

  test.each([[["run", "--help"]], [["help", "run"]], [["run", "-h", "too", "many"]]])("%j", async (argv) => {
    const cli = fakeCli();
    expect(await runCli(argv, cli)).toBe(0);
    expect(cli.out()).toContain("llamero run MODEL [PROMPT...] [FLAGS]");
    expect(cli.out()).toContain("--think[=level]");
    expect(cli.out()).toMatch(/Environment Variables:\n {6}OLLAMA_HOST {19}/);
  });
});

describe("version", () => {
  test("the server's", async () => {
    const cli = fakeCli({
      routes: { "GET /api/version": () => ({ version: "0.40.12", llamero_version: "0.1.0" }) },
    });
    expect(await runCli(["--version"], cli)).toBe(0);
    expect(cli.out()).toBe("llamero version is 0.1.0\n");
  });

  test("another one than the client's", async () => {
    const cli = fakeCli({
      routes: { "GET /api/version": () => ({ version: "0.40.12", llamero_version: "0.2.0" }) },
    });
    await runCli(["-v"], cli);
    expect(cli.out()).toBe("llamero version is 0.2.0\nWarning: client version is 0.1.0\n");
  });

  test("a server that is Ollama", async () => {
    const cli = fakeCli({ routes: { "GET /api/version": () => ({ version: "0.40.12" }) } });
    await runCli(["-v"], cli);
    expect(cli.out()).toBe("ollama version is 0.40.12\nWarning: client version is 0.1.0\n");
  });

  test("no server", async () => {
    const cli = fakeCli({ routes: { "GET /api/version": () => refusal(500, "", "down") } });
    expect(await runCli(["-v"], cli)).toBe(0);
    expect(cli.out()).toBe(
      "Warning: could not connect to a running llamero instance\nWarning: client version is 0.1.0\n",
    );
  });
});

describe("models", () => {
  test("cp", async () => {
    const cli = fakeCli({ routes: { "POST /api/copy": () => ({}) } });
    expect(await runCli(["cp", "a", "b"], cli)).toBe(0);
    expect(cli.out()).toBe("copied 'a' to 'b'\n");
  });

  test("rm unloads, deletes, and goes on after a model that is missing", async () => {
    const cli = fakeCli({
      routes: {
        "POST /api/generate": () => refusal(500, "Internal Server Error", "stuck"),
        "DELETE /api/delete": (body) =>
          JSON.stringify(body).includes("gone") ? refusal(404, "Not Found", "model 'gone' not found") : {},
      },
    });
    expect(await runCli(["rm", "gone", "b"], cli)).toBe(1);
    expect(cli.out()).toBe("deleted 'b'\n");
    expect(cli.err()).toBe(
      "Warning: unable to stop model 'gone'\nWarning: unable to stop model 'b'\nError: model 'gone' not found\n",
    );
    expect(cli.requests[0]).toEqual({
      route: "POST /api/generate",
      body: { model: "gone", keep_alive: 0, stream: false },
    });
  });

  test("stop is silent", async () => {
    const cli = fakeCli({ routes: { "POST /api/generate": () => ({ done: true }) } });
    expect(await runCli(["stop", "m"], cli)).toBe(0);
    expect(cli.out() + cli.err()).toBe("");
  });

  test("stop of a model that does not exist", async () => {
    const cli = fakeCli({
      routes: { "POST /api/generate": () => refusal(404, "Not Found", "model 'm' not found") },
    });
    expect(await runCli(["stop", "m"], cli)).toBe(1);
    expect(cli.err()).toBe('Error: couldn\'t find model "m" to stop\n');
  });
});
