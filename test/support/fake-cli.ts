import type { Cli, Output } from "../../src/cli/context.ts";
import { visible } from "../../src/cli/visible.ts";
import { createClient, type Fetch } from "../../src/client/index.ts";
import { resolveConfig } from "../../src/config/resolve.ts";
import type { Finding } from "../../src/lib/finding.ts";

/** What a fake server answers to `METHOD /path?query`; the request's JSON is passed in. */
export type Routes = Record<string, (body: unknown) => Response | object | undefined>;

export interface FakeCli extends Cli {
  /** Everything written so far. */
  out(): string;
  err(): string;
  /** Requests in order, as `METHOD /path` with their JSON. */
  requests: { route: string; body: unknown }[];
  /** The programs that were run, with what was added to their environment. */
  ran: { argv: readonly string[]; env: Readonly<Record<string, string>> }[];
  /** Questions so far. */
  questions: string[];
  /** Ctrl-C. */
  interrupt(): void;
}

export interface FakeCliOptions {
  routes?: Routes;
  /** Undefined: a terminal. */
  stdin?: string;
  terminal?: boolean;
  color?: boolean;
  columns?: number;
  rows?: number;
  home?: string;
  /** OLLAMA_* variables. */
  env?: Record<string, string>;
  /** What the person at the terminal answers. */
  answer?: string;
  /** Exit codes of the programs that are installed. */
  programs?: Record<string, number>;
  /** Of a check of this machine. */
  findings?: Finding[];
}

/** A {@link Cli} whose server is a table and whose terminal is a string. */
export function fakeCli(options: FakeCliOptions = {}): FakeCli {
  const requests: FakeCli["requests"] = [];
  const stdout = fakeOutput(options);
  const stderr = fakeOutput(options);
  const ran: FakeCli["ran"] = [];
  const questions: string[] = [];
  const interrupts = new Set<() => void>();
  return {
    config: resolveConfig(options.env ?? {}, { homedir: options.home ?? "/home/nobody" }),
    client: createClient({ host: "http://fake", fetch: fakeFetch(options.routes ?? {}, requests) }),
    stdin: { isTerminal: options.stdin === undefined, readAll: async () => options.stdin ?? "" },
    stdout,
    stderr,
    serve: () => Promise.reject(new Error("commands do not serve in tests")),
    engine: {
      addVision: async (say) => say("built libmtmd"),
      build: async (kind = "this machine", say) => say(`built for ${kind}`),
      remove: async (say) => say("removed"),
    },
    createKeyOffline: async ({ scopes = ["infer"] }) => ({ key: "llamero-offline", scopes }),
    examine: async function* () {
      yield* options.findings ?? [];
    },
    program: "llamero",
    version: "0.1.0",
    now: () => Date.parse("2026-11-24T12:00:00Z"),
    onInterrupt(stop) {
      interrupts.add(stop);
      return () => interrupts.delete(stop);
    },
    out: stdout.text,
    err: stderr.text,
    requests,
    ran,
    questions,
    ask: async (question) => {
      questions.push(question);
      return options.answer ?? "";
    },
    runProgram: async (argv, env) => {
      ran.push({ argv, env });
      return options.programs?.[argv[0] ?? ""];
    },
    interrupt: () => {
      for (const stop of interrupts) stop();
    },
  };
}

/** The lines of a streaming reply. */
export function ndjson(...lines: object[]): Response {
  return new Response(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** An error reply of the server. */
export function refusal(status: number, statusText: string, error: string): Response {
  return Response.json({ error }, { status, statusText });
}

function fakeOutput(options: FakeCliOptions): Output & { text(): string } {
  const written: string[] = [];
  return {
    isScreen: options.terminal === true,
    isTerminal: options.terminal === true,
    hasColor: options.color === true,
    columns: () => options.columns ?? 80,
    rows: () => options.rows ?? 24,
    write: (text) => void written.push(options.terminal === true ? visible(text) : text),
    draw: (text) => void written.push(text),
    text: () => written.join(""),
  };
}

function fakeFetch(routes: Routes, requests: FakeCli["requests"]): Fetch {
  return async (url, init) => {
    init.signal?.throwIfAborted();
    const { pathname, search } = new URL(url);
    const route = `${init.method} ${pathname}${search}`;
    if (route === "GET /api/version" && routes[route] === undefined)
      return Response.json({ version: "0.40.12", llamero_version: "0.1.0" });
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : await drained(init.body);
    requests.push({ route, body });
    const answer = (routes[route] ?? routes[`${init.method} ${pathname}`])?.(body);
    if (answer === undefined) return refusal(404, "Not Found", `no route ${route}`);
    return answer instanceof Response ? answer : Response.json(answer);
  };
}

async function drained(body: RequestInit["body"]): Promise<unknown> {
  return body === undefined || body === null ? undefined : await new Response(body).text();
}
