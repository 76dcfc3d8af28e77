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
    expect(cli.err()).toBe("Error: could not connect to llamero server, run 'llamero serve' to start it\n");
  },
);

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
    const cli = fakeCli({ routes: { "GET /api/version": () => ({ version: "0.1.0" }) } });
    expect(await runCli(["--version"], cli)).toBe(0);
    expect(cli.out()).toBe("llamero version is 0.1.0\n");
  });

  test("another one than the client's", async () => {
    const cli = fakeCli({ routes: { "GET /api/version": () => ({ version: "0.2.0" }) } });
    await runCli(["-v"], cli);
    expect(cli.out()).toBe("llamero version is 0.2.0\nWarning: client version is 0.1.0\n");
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
