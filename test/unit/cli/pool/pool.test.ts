import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { poolTable } from "../../../../src/cli/pool/status.ts";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { fakeCli } from "../../../support/fake-cli.ts";
import { runningModel } from "../../../support/running-model.ts";

const GOLDEN = join(import.meta.dir, "../../../golden/pool/haproxy.cfg");

async function pool(...argv: string[]) {
  const cli = fakeCli();
  const code = await runCli(["pool", ...argv], cli);
  return { code, out: cli.out(), err: cli.err() };
}

describe("pool init", () => {
  test("prints the configuration", async () => {
    const { code, out } = await pool(
      ...["init", "--servers", "gpu1:11434, 10.0.0.2,[fd00::3]:11434,https://gpu4.example"],
      ...["--bind", ":80", "--slots", "4", "--agent-port", "9000"],
    );
    expect(code).toBe(0);
    expect(out).toBe(readFileSync(GOLDEN, "utf8"));
  });

  test("a server has the same place on the ring whoever the others are, and but for a few the same points", async () => {
    const line = (out: string) =>
      /server b_11434 .* (id \d+) check weight 2[45]\d/.exec(out)?.[1] ?? `none in ${out}`;
    const [one, other] = await Promise.all([
      pool("init", "--servers", "a,b,c"),
      pool("init", "--servers", "b,d"),
    ]);
    expect(line(one.out)).toStartWith("id ");
    expect(line(other.out)).toBe(line(one.out));
  });

  test.each([
    [["init"], "--servers names the pool's servers: --servers a:11434,b:11434"],
    [["init", "--servers", " , "], "--servers names the pool's servers: --servers a:11434,b:11434"],
    [["init", "--servers", "a,b,a:11434"], "--servers names a:11434 twice"],
    [["init", "--servers", "a b"], '--servers: "a b" is no server: expected host, host:port'],
    [["init", "--servers", "unix:///x"], '--servers: "unix:///x" is no server: expected host, host:port'],
    [["init", "--servers", "http://a/x"], '--servers: "http://a/x" is no server: expected host, host:port'],
    [["init", "--servers", "a", "--bind", "80"], '--bind: "80" is no address'],
    [["init", "--servers", "a", "--bind", ":80\n    option x"], "--bind: "],
    [["init", "--servers", "a", "--slots", "0"], "--slots: expected a number from 1 to 65535"],
    [["init", "--servers", "a", "--agent-port", "70000"], "--agent-port: expected a number from 1 to 65535"],
    [["start", "--servers", "a"], 'unknown "pool start"; there are: pool init, pool status'],
  ])("%j is refused", async (argv, message) => {
    const { code, out, err } = await pool(...argv);
    expect([code, out]).toEqual([1, ""]);
    expect(err).toStartWith(`Error: ${message}`);
  });
});

describe("pool status", () => {
  test("a line for each member", () => {
    expect(
      poolTable([
        {
          server: "a",
          version: "0.1.0",
          models: [],
          running: [
            runningModel("smollm2:latest", { slots: 4, active: 2, cache: { memory: 36e6, disk: 1.2e9 } }),
            runningModel("smollm2:latest", { name: "bert:latest", slots: 1 }),
          ],
          queued: 3,
        },
        { server: "b:1", error: "connection refused" },
      ]),
    ).toBe(
      "SERVER    VERSION    MODELS    LOADED                         SLOTS    QUEUE    CACHE                     STATE              \n" +
        "a         0.1.0      0         smollm2:latest, bert:latest    2/5      3        36 MB + 1.2 GB on disk    up                    \n" +
        "b:1       -          -         -                              -        -        -                         connection refused    \n",
    );
  });

  const members: Bun.Server<undefined>[] = [];
  const answers: Record<string, object> = {
    "/api/version": { version: "0.40.12", llamero_version: "0.1.0" },
    "/api/tags": { models: [{ name: "m:latest" }] },
    "/api/ps": { models: [] },
    "/api/queue": { queued: [] },
  };
  beforeAll(() => {
    const reply = (request: Request) => Response.json(answers[new URL(request.url).pathname]);
    members.push(Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: reply }));
  });
  afterAll(() => members[0]!.stop(true));

  test("asks every member, and tells of one that does not answer", async () => {
    const there = `127.0.0.1:${members[0]!.port}`;
    const { code, out } = await pool("status", "--json", "--servers", `${there},127.0.0.1:1`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([
      { server: there, version: "0.1.0", models: [{ name: "m:latest" }], running: [], queued: 0 },
      { server: "127.0.0.1:1", error: expect.stringContaining("ECONNREFUSED") },
    ]);
  });
});
