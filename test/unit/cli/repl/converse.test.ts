import { describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loop } from "../../../../src/cli/repl/converse.ts";
import { openHistory } from "../../../../src/cli/repl/history.ts";
import type { Interrupted, LineReader } from "../../../../src/cli/repl/line-reader.ts";
import { createSession, type Session } from "../../../../src/cli/repl/session.ts";
import type { ShowReply } from "../../../../src/client/index.ts";
import { fakeCli, ndjson, type Routes, refusal } from "../../../support/fake-cli.ts";

type Typed = string | Interrupted;

const REPORT: ShowReply = {
  details: {
    parent_model: "",
    format: "gguf",
    family: "llama",
    families: null,
    parameter_size: "1B",
    quantization_level: "Q4",
  },
  capabilities: ["completion"],
  model_info: {},
  modified_at: "2026-11-24T12:00:00Z",
};

const replies = (content: string) => () =>
  ndjson(
    { message: { role: "assistant", content }, done: false },
    { message: { role: "assistant", content: "" }, done: true, eval_count: 1, eval_duration: 1e9 },
  );

/** A session in which the user types these lines and then Ctrl-D. */
async function typed(lines: Typed[], routes: Routes = {}, change: (session: Session) => void = () => {}) {
  const cli = fakeCli({ routes: { "POST /api/chat": replies("hello"), ...routes } });
  const session = createSession("m", REPORT, { hideThinking: false, wordWrap: true, verbose: false });
  change(session);
  const left = [...lines];
  const reader: LineReader = {
    async read() {
      return left.shift();
    },
  };
  const history = openHistory(undefined, () => {});
  await loop(cli, session, reader, history);
  const bodies = (route: string) =>
    cli.requests.filter((each) => each.route === route).map(({ body }) => body);
  return { session, history, out: cli.out(), err: cli.err(), bodies, unread: left };
}

describe("conversation", () => {
  test("every message is sent with all before it", async () => {
    const { bodies, out } = await typed(["one", "  ", "two"]);
    expect(bodies("POST /api/chat")).toEqual([
      { model: "m", messages: [{ role: "user", content: "one" }], options: {}, stream: true },
      {
        model: "m",
        messages: [
          { role: "user", content: "one" },
          { role: "assistant", content: "hello" },
          { role: "user", content: "two" },
        ],
        options: {},
        stream: true,
      },
    ]);
    expect(out).toBe("hello\n\nhello\n\n\n");
  });

  test("thinking is kept with the answer", async () => {
    const chat = () =>
      ndjson(
        { message: { role: "assistant", content: "", thinking: "hm" }, done: false },
        { message: { role: "assistant", content: "yes" }, done: true },
      );
    const { session } = await typed(["one"], { "POST /api/chat": chat });
    expect(session.messages.at(-1)).toEqual({ role: "assistant", content: "yes", thinking: "hm" });
  });

  test("a server error is printed, the message taken back, and the session goes on", async () => {
    let calls = 0;
    const chat = () => (calls++ === 0 ? refusal(500, "Internal Server Error", "boom") : replies("ok")());
    const { err, bodies } = await typed(["one", "two"], { "POST /api/chat": chat });
    expect(err).toBe("error: boom\n\n");
    expect(bodies("POST /api/chat")[1]).toMatchObject({ messages: [{ role: "user", content: "two" }] });
  });

  test("a block between triple quotes is one message", async () => {
    const { bodies, history } = await typed(['"""a\n\nb"""', '"""c"""', { interrupted: true, empty: false }]);
    expect(
      bodies("POST /api/chat").map((body) => JSON.stringify(body).match(/"content":"([^"]*)"}],/)?.[1]),
    ).toEqual(["a\\n\\nb", "c"]);
    expect(history.texts()).toEqual(['"""a\n\nb"""', '"""c"""']);
  });

  test("Ctrl-C at the prompt says how to leave", async () => {
    const { out } = await typed([
      { interrupted: true, empty: true },
      { interrupted: true, empty: false },
    ]);
    expect(out).toBe("Use Ctrl + d or /bye to exit.\n\n");
  });
});

describe("slash commands", () => {
  test.each(["/bye", "/exit", " /bye".trim()])("%s leaves", async (line) => {
    expect((await typed([line, "more"])).unread).toEqual(["more"]);
  });

  test.each([
    ["/byebye", "Unknown command '/byebye'. Type /? for help\n\n"],
    ["/listx", "Unknown command '/listx'. Type /? for help\n\n"],
    ["/set bogus", "Unknown command '/set bogus'. Type /? for help\n\n"],
    ["/set toString", "Unknown command '/set toString'. Type /? for help\n\n"],
    ["/set parameter num_ctx 100", "Set parameter 'num_ctx' to '100'\n\n"],
    ["/set parameter stop a b", "Set parameter 'stop' to 'a, b'\n\n"],
    ["/set parameter foo 1", "Couldn't set parameter: \"unknown parameter 'foo'\"\n\n"],
    ["/set parameter num_ctx x", 'Couldn\'t set parameter: "invalid int value [x]"\n\n'],
    ["/set wordwrap", "Set 'wordwrap' mode.\n\n"],
    ["/set nowordwrap", "Set 'nowordwrap' mode.\n\n"],
    ["/set format json", "Set format to 'json' mode.\n\n"],
    ["/set format xml", "Invalid or missing format. For 'json' mode use '/set format json'\n\n"],
    ["/set noformat", "Disabled format.\n\n"],
    ["/set verbose", "Set 'verbose' mode.\n\n"],
    ["/set quiet", "Set 'quiet' mode.\n\n"],
    ["/set nothink", "Set 'nothink' mode.\n\n"],
    ["/set history", "\n"],
    ["/clear", "Cleared session context\n\n"],
    ["/load", "Usage:\n  /load <modelname>\n\n"],
    ["/save a b", "Usage:\n  /save <modelname>\n\n"],
  ])("%s", async (line, out) => {
    expect((await typed([line])).out).toBe(out);
  });

  test("/set parameter, format and think reach the next request", async () => {
    const lines = [
      "/set parameter num_ctx 100",
      "/set parameter stop a b",
      "/set format json",
      "/set think high",
      "x",
    ];
    const { bodies, err } = await typed(lines);
    expect(bodies("POST /api/chat")[0]).toMatchObject({
      options: { num_ctx: 100, stop: ["a", "b"] },
      format: "json",
      think: "high",
    });
    expect(err).toContain('warning: model "m" does not support thinking output\n');
  });

  test("/set system keeps every line, replaces itself, and survives /clear", async () => {
    const { bodies, out } = await typed(["/set system first", '/set system """a\nb"""', "x", "/clear", "y"]);
    const system = { role: "system", content: "a\nb" };
    expect(bodies("POST /api/chat")).toMatchObject([
      { messages: [system, { role: "user", content: "x" }] },
      { messages: [system, { role: "user", content: "y" }] },
    ]);
    expect(out).toStartWith("Set system message.\nSet system message.\n");
  });

  test("/set nohistory", async () => {
    expect((await typed(["one", "/set nohistory", "two"])).history.texts()).toEqual([
      "one",
      "/set nohistory",
    ]);
  });

  test("/show", async () => {
    const show = () => ({ ...REPORT, parameters: "temperature    0.3" });
    const { out, err } = await typed(
      [
        "/set parameter top_k 5",
        "/show parameters",
        "/show license",
        "/show system",
        "/show template",
        "/show info",
        "/show x",
      ],
      { "POST /api/show": show },
    );
    expect(out).toBe(
      [
        "Set parameter 'top_k' to '5'",
        "Model defined parameters:",
        "  temperature    0.3",
        "",
        "User defined parameters:",
        `  ${"top_k".padEnd(30)} 5`,
        "No license was specified for this model.",
        "No system message was specified for this model.",
        "No prompt template was specified for this model.",
        "Unknown command '/show x'. Type /? for help",
        "\n",
      ].join("\n"),
    );
    expect(err).toStartWith("  Model\n");
  });

  test("/show info shows what holds, also of what was set", async () => {
    const show = () => ({ ...REPORT, parameters: 'temperature    0.3\nnum_ctx    64\nstop    "x"' });
    const { err } = await typed(["/set parameter temperature 0.9", "/set parameter stop a b", "/show info"], {
      "POST /api/show": show,
    });
    const rows = err.split("\n").map((row) => row.trim().replace(/ +/g, " "));
    expect(rows.slice(rows.indexOf("Parameters"))).toEqual([
      "Parameters",
      "num_ctx 64",
      "temperature 0.9",
      'stop "a"',
      'stop "b"',
      "",
      "",
    ]);
  });

  test("/load changes the model and forgets the conversation; a missing one changes nothing", async () => {
    const show = (body: unknown) =>
      JSON.stringify(body).includes("gone") ? refusal(404, "Not Found", "not found") : REPORT;
    const routes = { "POST /api/show": show, "POST /api/generate": () => ({ done: true }) };
    const { session, out, bodies } = await typed(["x", "/load gone", "/load other"], routes);
    expect(session).toMatchObject({ model: "other", messages: [] });
    expect(out).toContain("Loading model 'gone'\nCouldn't find model 'gone'\nLoading model 'other'\n");
    expect(bodies("POST /api/generate")).toEqual([{ model: "other", stream: false }]);
  });

  test("/load of a model that does not load changes nothing either", async () => {
    const routes = {
      "POST /api/show": () => REPORT,
      "POST /api/generate": () => refusal(400, "Bad Request", '"minilm" does not support generate'),
    };
    const { session, err } = await typed(["x", "/load minilm"], routes);
    expect(session).toMatchObject({ model: "m", messages: [{ content: "x" }, { content: "hello" }] });
    expect(err).toBe('error: "minilm" does not support generate\n');
  });

  test("/load keeps what was set, the system message too, and /show modelfile shows it", async () => {
    const routes = { "POST /api/show": () => REPORT, "POST /api/generate": () => ({ done: true }) };
    const lines = ["/set system Be brief.", "/set parameter num_ctx 64", "/load b", "x", "/show modelfile"];
    const { bodies } = await typed(lines, routes);
    const system = { role: "system", content: "Be brief." };
    expect(bodies("POST /api/chat")).toMatchObject([
      { model: "b", messages: [system, { content: "x" }], options: { num_ctx: 64 } },
    ]);
    expect(bodies("POST /api/show").at(-1)).toEqual({
      model: "b",
      system: "Be brief.",
      options: { num_ctx: 64 },
    });
  });

  test("/save", async () => {
    const routes = { "POST /api/create": () => ({ status: "success" }) };
    const { bodies, out } = await typed(
      ["/set system s", "/set parameter seed 1", "hi", "/save mine"],
      routes,
      (session) => {
        session.report = { ...REPORT, messages: [{ role: "user", content: "before" }] };
      },
    );
    expect(out).toContain("Created new model 'mine'\n");
    expect(bodies("POST /api/create")).toEqual([
      {
        model: "mine",
        from: "m",
        system: "s",
        parameters: { seed: 1 },
        messages: [
          { role: "user", content: "before" },
          { role: "user", content: "hi" },
          { role: "assistant", content: "hello" },
        ],
        stream: false,
      },
    ]);
  });

  test("/save with a bad name", async () => {
    const routes = { "POST /api/create": () => refusal(400, "Bad Request", "invalid model name") };
    expect((await typed(["/save -x"], routes)).out).toContain("error: The model name '-x' is invalid\n");
  });

  test.each(["/?", "/help", "/? set", "/? show", "/? shortcuts", "/set", "/show"])(
    "%s helps on stderr",
    async (line) => {
      const { out, err } = await typed([line]);
      expect(out).toBe("\n");
      expect(err).toStartWith("Available ");
    },
  );
});

describe("history", () => {
  test("a hundred lines, in a file for its owner only", () => {
    const home = mkdtempSync(join(tmpdir(), "llamero-history-"));
    const file = join(home, "new", "history");
    const history = openHistory(file, (message) => expect(message).toBe(""));
    for (let n = 0; n <= 100; n++) history.add(`line ${n}`);
    history.add("line 100");
    history.add("  ");
    const texts = openHistory(file, () => {}).texts();
    expect([texts.length, texts[0], texts[99]]).toEqual([100, "line 1", "line 100"]);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    rmSync(home, { recursive: true });
  });

  test("whole blocks come back, and the lines of an older file", () => {
    const home = mkdtempSync(join(tmpdir(), "llamero-history-"));
    const file = join(home, "history");
    writeFileSync(file, "one\ntwo\n");
    const history = openHistory(file, () => {});
    history.add('"""a\nb"""');
    expect(openHistory(file, () => {}).texts()).toEqual(["one", "two", '"""a\nb"""']);
    writeFileSync(file, `${readFileSync(file, "utf8")}"cut o`);
    expect(openHistory(file, () => {}).texts()).toEqual(["one", "two", '"""a\nb"""']);
    rmSync(home, { recursive: true });
  });

  test("two sessions at the same time keep what each was told", () => {
    const home = mkdtempSync(join(tmpdir(), "llamero-history-"));
    const file = join(home, "history");
    const [one, other] = [openHistory(file, () => {}), openHistory(file, () => {})];
    one.add("a");
    other.add("b");
    one.add("c");
    expect(openHistory(file, () => {}).texts()).toEqual(["a", "b", "c"]);
    expect(one.texts()).toEqual(["a", "c"]);
    rmSync(home, { recursive: true });
  });

  test("a file that cannot be used is said once", () => {
    const home = mkdtempSync(join(tmpdir(), "llamero-history-"));
    writeFileSync(join(home, "file"), "");
    const messages: string[] = [];
    const history = openHistory(join(home, "file", "history"), (message) => messages.push(message));
    history.add("a");
    history.add("b");
    expect(messages).toHaveLength(1);
    expect(history.texts()).toEqual(["a", "b"]);
    rmSync(home, { recursive: true });
  });
});
