import { describe, expect, test } from "bun:test";
import { placeOf } from "../../../src/cli/push.ts";
import { runCli } from "../../../src/cli/run-cli.ts";
import { fakeCli, ndjson, type Routes, refusal } from "../../support/fake-cli.ts";

const digest = `sha256:${"a".repeat(64)}`;
const layer = (completed?: number) => ({
  status: "pushing aaaaaaaaaaaa",
  digest,
  total: 10,
  ...(completed === undefined ? {} : { completed }),
});

async function run(argv: string[], routes: Routes) {
  const cli = fakeCli({ routes });
  const code = await runCli(argv, cli);
  return { code, out: cli.out(), err: cli.err(), requests: cli.requests };
}

const DENIED = "you are not authorized to push to this namespace, create the model under a namespace you own";

describe("push", () => {
  test("a line for each state, and for a layer once it has begun; on stdout where the model is", async () => {
    const reply = () =>
      ndjson({ status: "retrieving manifest" }, layer(), layer(5), layer(10), { status: "success" });
    const { code, out, err, requests } = await run(["push", "localhost:5000/me/m", "--insecure"], {
      "POST /api/push": reply,
    });
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "\nYou can find your model at:\n\n\tlocalhost:5000/me/m:latest\n",
      err: "retrieving manifest\npushing aaaaaaaaaaaa\nsuccess\n",
    });
    expect(requests.map(({ body }) => body)).toEqual([
      { model: "localhost:5000/me/m", insecure: true, stream: true },
    ]);
  });

  test("a refusal has its status, an error in the stream has not", async () => {
    const refused = { "POST /api/push": () => refusal(400, "Bad Request", "invalid model name") };
    expect(await run(["push", "a b"], refused)).toMatchObject({
      code: 1,
      out: "",
      err: "Error: 400 Bad Request: invalid model name\n",
    });
    const failed = { "POST /api/push": () => ndjson({ status: "retrieving manifest" }, { error: "no" }) };
    expect(await run(["push", "m"], failed)).toMatchObject({
      code: 1,
      out: "",
      err: "retrieving manifest\nError: no\n",
    });
  });

  test("denied: what that means, and at Ollama's registry where to make the key known", async () => {
    const routes = {
      "POST /api/push": () =>
        ndjson({ status: "retrieving manifest" }, { error: "unauthorized: access denied" }),
    };
    const own = await run(["push", "localhost:5000/me/m"], routes);
    expect([own.code, own.err]).toEqual([1, `retrieving manifest\nError: ${DENIED}\n`]);
    const default_ = await run(["push", "me/m"], routes);
    expect(default_.err).toStartWith(`retrieving manifest\nError: ${DENIED}\n`);
    expect(default_.err).toContain("id_ed25519.pub");
    expect(default_.err).toContain("https://ollama.com/settings/keys");
  });
});

test.each([
  ["m", "https://ollama.com/m"],
  ["library/m:latest", "https://ollama.com/m"],
  ["me/m", "https://ollama.com/me/m"],
  ["me/m:7b", "https://ollama.com/me/m:7b"],
  ["registry.ollama.ai/me/m:latest", "https://ollama.com/me/m"],
  ["https://registry.ollama.ai/me/m", "https://ollama.com/me/m"],
  ["localhost:5000/me/m", "localhost:5000/me/m:latest"],
  ["localhost:5000/library/m:q4", "localhost:5000/library/m:q4"],
  ["notollama.ai/me/m", "notollama.ai/me/m:latest"],
])("%s is found at %s", (model, place) => {
  expect(placeOf(model)).toBe(place);
});
