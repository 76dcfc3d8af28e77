import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli, ndjson, refusal } from "../../support/fake-cli.ts";

const digest = `sha256:${"a".repeat(64)}`;

async function run(argv: string[], route: string, reply: () => Response) {
  const cli = fakeCli({ routes: { [route]: reply }, home: "/home/me" });
  const code = await runCli(argv, cli);
  return { code, out: cli.out(), err: cli.err(), body: cli.requests[0]?.body };
}

describe("import", () => {
  const importing = (argv: string[], ...lines: object[]) =>
    run(["import", ...argv], "POST /api/import", () => ndjson(...lines));
  const done = { status: "done", imported: 1, already_there: 1, skipped: 0 };

  test("the user's own store by default, a line for each model", async () => {
    const { code, out, body } = await importing(
      [],
      { status: "imported", model: "a:latest" },
      { status: "already there", model: "b:latest" },
      done,
    );
    expect(code).toBe(0);
    expect(body).toEqual({ path: "/home/me/.ollama/models", trust: false, stream: true });
    expect(out).toBe(
      "imported 'a:latest'\n'b:latest' is already there\n1 imported, 1 already there, 0 skipped\n",
    );
  });

  test("a directory is made absolute, because the server has another working directory", async () => {
    const { body } = await importing(["some/dir", "--trust"], done);
    expect(body).toEqual({ path: resolve("some/dir"), trust: true, stream: true });
  });

  test("progress goes to stderr", async () => {
    const { out, err } = await importing(
      [],
      { status: "importing", model: "a:latest", digest, completed: 1, total: 2 },
      done,
    );
    expect(err).toBe("a:latest aaaaaaaaaaaa\n");
    expect(out).toBe("1 imported, 1 already there, 0 skipped\n");
  });

  test("fails when a model was skipped, and says which and why", async () => {
    const { code, out, err } = await importing(
      [],
      { status: "skipped", model: "a:latest", reason: "blob is missing" },
      { ...done, skipped: 1 },
    );
    expect(code).toBe(1);
    expect(out).toStartWith("skipped 'a:latest': blob is missing\n");
    expect(err).toBe("Error: 1 of the store's models could not be imported\n");
  });

  test("an error in the middle leaves what was said until then", async () => {
    const { code, out, err } = await importing(
      [],
      { status: "imported", model: "a:latest" },
      { error: "no space left" },
    );
    expect([code, out, err]).toEqual([1, "imported 'a:latest'\n", "Error: no space left\n"]);
  });

  test("a refusal, and too many arguments", async () => {
    const refused = await run(["import"], "POST /api/import", () =>
      refusal(403, "Forbidden", "not from here"),
    );
    expect([refused.code, refused.err]).toEqual([1, "Error: 403 Forbidden: not from here\n"]);
    expect((await importing(["a", "b"], done)).err).toBe("Error: accepts at most 1 arg(s), received 2\n");
  });
});

describe("verify", () => {
  const verifying = (...lines: object[]) => run(["verify"], "POST /api/verify", () => ndjson(...lines));

  test("--rebuild: what was made anew, and what could not be", async () => {
    const { out, body } = await run(["verify", "--rebuild"], "POST /api/verify", () =>
      ndjson(
        { status: "restored", model: "a:latest" },
        { status: "skipped", model: "b:latest", reason: "a blob is missing" },
        { status: "done", verified: 0, bad: 0 },
      ),
    );
    expect(body).toEqual({ rebuild: true, stream: true });
    expect(out).toBe("restored 'a:latest'\nleft out 'b:latest': a blob is missing\n0 verified, 0 bad\n");
  });

  test("all good", async () => {
    const { code, out, err } = await verifying(
      { status: "verified", digest, size: 1 },
      { status: "done", verified: 1, bad: 0 },
    );
    expect([code, out, err]).toEqual([0, "1 verified, 0 bad\n", ""]);
  });

  test("a bad blob: which, why, and what needs it", async () => {
    const bad = { status: "bad", digest, reason: "its content has another digest", quarantined: true };
    const { code, out, err } = await verifying(
      { ...bad, models: ["a:latest", "b:latest"] },
      { ...bad, reason: "its file is missing", models: ["a:latest"], quarantined: false },
      { status: "done", verified: 0, bad: 2 },
    );
    expect(code).toBe(1);
    expect(out).toBe(
      `bad ${digest}: its content has another digest, moved to quarantine; needed by a:latest, b:latest\n` +
        `bad ${digest}: its file is missing; needed by a:latest\n0 verified, 2 bad\n`,
    );
    expect(err).toBe("Error: there are bad blobs; create, pull or import again: a:latest, b:latest\n");
  });

  test("a bad blob that nothing needs", async () => {
    const { code, err } = await verifying(
      { status: "bad", digest, reason: "r", models: [], quarantined: true },
      { status: "done", verified: 0, bad: 1 },
    );
    expect([code, err]).toEqual([1, "Error: there are bad blobs; no model needs them\n"]);
  });
});
