import { describe, expect, test } from "bun:test";
import { runCli } from "../../../../src/cli/run-cli.ts";
import { type FakeCliOptions, fakeCli, ndjson, refusal } from "../../../support/fake-cli.ts";

const details = {
  format: "gguf",
  family: "llama",
  families: null,
  parameter_size: "",
  quantization_level: "",
};
const model = (...capabilities: string[]) => ({ "POST /api/show": () => ({ details, capabilities }) });
const answer = (...chunks: object[]) => ({
  "POST /api/generate": () =>
    ndjson(...chunks.map((chunk) => ({ response: "", done: false, ...chunk })), {
      response: "",
      done: true,
      eval_count: 2,
      eval_duration: 1_000_000_000,
    }),
});

async function run(argv: string[], options: FakeCliOptions) {
  const cli = fakeCli(options);
  const code = await runCli(["run", ...argv], cli);
  const generate = cli.requests.find(({ route }) => route === "POST /api/generate");
  return { cli, code, out: cli.out(), err: cli.err(), body: generate?.body };
}

describe("one shot", () => {
  test("the answer, then two newlines; no escape codes in a pipe", async () => {
    const routes = { ...model("completion"), ...answer({ response: "Hel" }, { response: "lo" }) };
    const { out, err, code, body } = await run(["m", "say", "hello"], { routes });
    expect({ out, err, code }).toEqual({ out: "Hello\n\n", err: "", code: 0 });
    expect(body).toEqual({ model: "m", prompt: "say hello", stream: true });
  });

  test("a pipe's long lines are not wrapped", async () => {
    const text = "word ".repeat(60);
    const { out } = await run(["m", "x"], { routes: { ...model(), ...answer({ response: text }) } });
    expect(out).toBe(`${text}\n\n`);
  });

  test("piped input goes in front of the prompt", async () => {
    const routes = { ...model(), ...answer({ response: "ok" }) };
    expect((await run(["m", "sum", "up"], { routes, stdin: "a\nb\n" })).body).toMatchObject({
      prompt: "a\nb\n sum up",
    });
    expect((await run(["m"], { routes, stdin: "only" })).body).toMatchObject({ prompt: "only" });
  });

  test("nothing to say only loads the model", async () => {
    const { out, body } = await run(["m"], { routes: { ...model(), ...answer() }, stdin: "" });
    expect(out).toBe("");
    expect(body).toEqual({ model: "m", prompt: "", stream: true });
  });

  test("flags reach the request", async () => {
    const argv = ["m", "x", "--format", "json", "--keepalive", "5m", "--think=low"];
    const { body } = await run(argv, { routes: { ...model(), ...answer() } });
    expect(body).toEqual({
      model: "m",
      prompt: "x",
      format: "json",
      keep_alive: "5m",
      think: "low",
      stream: true,
    });
  });

  test("thinking, plain in a pipe", async () => {
    const chunks = [{ thinking: "hm" }, { thinking: "m" }, { response: "yes" }];
    const { out, body } = await run(["m", "x"], { routes: { ...model("thinking"), ...answer(...chunks) } });
    expect(out).toBe("Thinking...\nhmm\n...done thinking.\n\nyes\n\n");
    expect(body).toMatchObject({ think: true });
  });

  test("thinking in grey on a terminal", async () => {
    const routes = { ...model("thinking"), ...answer({ thinking: "hm\n" }, { response: "yes" }) };
    const { out } = await run(["m", "x"], { routes, terminal: true, color: true });
    expect(out).toBe(
      "\x1b[38;5;245m\x1b[1mThinking...\n\x1b[0m\x1b[38;5;245mhm\n\x1b[38;5;245m\x1b[1m...done thinking.\n\n\x1b[0myes\n\n",
    );
  });

  test("a terminal without colours gets none", async () => {
    const routes = { ...model("thinking"), ...answer({ thinking: "hm\n" }, { response: "yes" }) };
    const { out } = await run(["m", "x"], { routes, terminal: true, color: false });
    expect(out).not.toContain("\x1b");
  });

  test("--hidethinking", async () => {
    const routes = { ...model("thinking"), ...answer({ thinking: "hm" }, { response: "yes" }) };
    expect((await run(["m", "x", "--hidethinking"], { routes })).out).toBe("yes\n\n");
  });

  test("--verbose prints statistics to stderr", async () => {
    const { err } = await run(["m", "x", "--verbose"], { routes: { ...model(), ...answer() } });
    expect(err).toBe(
      "eval count:           2 token(s)\neval duration:        1s\neval rate:            2.00 tokens/s\n",
    );
  });

  test("a refusal has the status line, an error in the stream has not", async () => {
    const refused = {
      "POST /api/generate": () => refusal(400, "Bad Request", '"m" does not support thinking'),
    };
    expect(await run(["m", "x"], { routes: { ...model(), ...refused } })).toMatchObject({
      code: 1,
      err: 'Error: 400 Bad Request: "m" does not support thinking\n',
    });
    const broken = { "POST /api/generate": () => ndjson({ response: "a", done: false }, { error: "boom" }) };
    expect(await run(["m", "x"], { routes: { ...model(), ...broken } })).toMatchObject({
      code: 1,
      out: "a",
      err: "Error: boom\n",
    });
  });

  test("a model that is neither here nor in its registry", async () => {
    const routes = {
      "POST /api/show": () => refusal(404, "Not Found", "model 'zz:latest' not found"),
      "POST /api/pull": () => ndjson({ error: "pull model manifest: file does not exist" }),
    };
    const { err, body } = await run(["zz", "x"], { routes });
    expect(err).toBe("Error: pull model manifest: file does not exist\n");
    expect(body).toBeUndefined();
  });

  test("Ctrl-C ends the answer without an error", async () => {
    const encoder = new TextEncoder();
    const cli = fakeCli({
      routes: {
        ...model(),
        "POST /api/generate": () =>
          new Response(
            new ReadableStream({
              start(controller) {
                controller.enqueue(encoder.encode('{"response":"a","done":false}\n'));
              },
              pull(controller) {
                cli.interrupt();
                controller.error(new DOMException("aborted", "AbortError"));
              },
            }),
          ),
      },
    });
    expect(await runCli(["run", "m", "x"], cli)).toBe(0);
    expect(cli.err()).toBe("");
  });
});

describe("embedding models", () => {
  const routes = {
    ...model("embedding"),
    "POST /api/embed": () => ({ model: "m", embeddings: [[0.5, -1]] }),
  };

  test("print the vector", async () => {
    const { cli, out } = await run(["m", "some", "text", "--dimensions", "2", "--truncate"], { routes });
    expect(out).toBe("[0.5,-1]\n");
    expect(cli.requests.at(-1)?.body).toEqual({
      model: "m",
      input: "some text",
      dimensions: 2,
      truncate: true,
    });
  });

  test("need text", async () => {
    expect((await run(["m"], { routes, stdin: "" })).err).toBe(
      'Error: embedding models require input text. Usage: llamero run m "your text here"\n',
    );
  });

  test("must answer with a vector", async () => {
    const empty = { ...routes, "POST /api/embed": () => ({ model: "m", embeddings: [] }) };
    expect((await run(["m", "x"], { routes: empty })).err).toBe("Error: no embeddings returned\n");
  });
});
