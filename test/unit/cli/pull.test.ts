import { describe, expect, test } from "bun:test";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli, ndjson, type Routes, refusal } from "../../support/fake-cli.ts";

const digest = `sha256:${"a".repeat(64)}`;
const layer = (completed?: number) => ({
  status: "pulling aaaaaaaaaaaa",
  digest,
  total: 10,
  ...(completed === undefined ? {} : { completed }),
});

async function run(argv: string[], routes: Routes) {
  const cli = fakeCli({ routes });
  const code = await runCli(argv, cli);
  return { code, out: cli.out(), err: cli.err(), requests: cli.requests };
}

describe("pull", () => {
  test("a line for each state, and for a layer once it has begun; nothing on stdout", async () => {
    const reply = () =>
      ndjson({ status: "pulling manifest" }, layer(), layer(5), layer(10), { status: "success" });
    const { code, out, err, requests } = await run(["pull", "m", "--insecure"], { "POST /api/pull": reply });
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "",
      err: "pulling manifest\npulling aaaaaaaaaaaa\nsuccess\n",
    });
    expect(requests.map(({ body }) => body)).toEqual([{ model: "m", insecure: true, stream: true }]);
  });

  test("a refusal has its status, an error in the stream has not", async () => {
    const refused = { "POST /api/pull": () => refusal(400, "Bad Request", "invalid model name") };
    expect(await run(["pull", "a b"], refused)).toMatchObject({
      code: 1,
      err: "Error: 400 Bad Request: invalid model name\n",
    });
    const failed = { "POST /api/pull": () => ndjson({ status: "pulling manifest" }, { error: "no" }) };
    expect(await run(["pull", "m"], failed)).toMatchObject({ code: 1, err: "pulling manifest\nError: no\n" });
  });

  test.each([
    [{ state: "current" }, 0, "'m:latest' is up to date\n", ""],
    [{ state: "outdated" }, 0, "'m:latest' is outdated\n", ""],
    [{ state: "unknown", reason: "why" }, 1, "", "Error: 'm:latest' could not be compared: why\n"],
  ])("--check: %j", async (freshness, code, out, err) => {
    const routes = {
      "GET /api/outdated": () => ({ models: [{ name: "m:latest", local: "1", ...freshness }] }),
    };
    expect(await run(["pull", "m", "--check"], routes)).toMatchObject({ code, out, err });
  });

  test("--check of a model that is not installed", async () => {
    const routes = { "GET /api/outdated": () => ({ models: [] }) };
    expect(await run(["pull", "m", "--check"], routes)).toMatchObject({
      code: 1,
      err: "Error: model 'm' not found\n",
    });
  });
});

test("run of a model that is not here pulls it, then goes on", async () => {
  let installed = false;
  const { code, out, err } = await run(["run", "m", "hello"], {
    "POST /api/show": () =>
      installed
        ? { details: {}, capabilities: ["completion"] }
        : refusal(404, "Not Found", "model 'm' not found"),
    "POST /api/pull": () => {
      installed = true;
      return ndjson({ status: "pulling manifest" }, { status: "success" });
    },
    "POST /api/generate": () => ndjson({ response: "hi", done: false }, { response: "", done: true }),
  });
  expect({ code, out, err }).toEqual({ code: 0, out: "hi\n\n", err: "pulling manifest\nsuccess\n" });
});

test("pulls", async () => {
  const pull = { id: 7, model: "m:latest", state: "running", total: 2_000_000, completed: 1_000_000 };
  const { out } = await run(["pulls"], {
    "GET /api/pulls": () => ({
      pulls: [
        { ...pull, rate: 100_000, seconds_left: 10 },
        { ...pull, id: 6, state: "paused", rate: 0, error: "why" },
      ],
    }),
  });
  expect(out.split("\n").map((line) => line.split(/ {2,}/).map((cell) => cell.trim()))).toEqual([
    ["ID", "NAME", "STATE", "DONE", "SIZE", "RATE", "LEFT", "ERROR"],
    ["7", "m:latest", "running", "1 MB", "2 MB", "100 KB/s", "10s", ""],
    ["6", "m:latest", "paused", "1 MB", "2 MB", "-", "-", "why", ""],
    [""],
  ]);
});

test.each([
  [[], true, "5 MB can be freed: llamero prune --force"],
  [["--force"], false, "5 MB freed"],
])("prune %j", async (flags, dry_run, summary) => {
  const files = [{ digest, kind: "partial", size: 5_000_000 }];
  const { out, requests } = await run(["prune", ...flags], {
    "POST /api/prune": () => ({ dry_run, files, bytes: 5_000_000 }),
  });
  expect(requests.map(({ body }) => body)).toEqual([{ dry_run }]);
  expect(out).toContain("aaaaaaaaaaaa    partial    5 MB");
  expect(out).toEndWith(`${summary}\n`);
});
