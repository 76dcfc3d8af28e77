/** What happens to requests when something ends: the client, a runner, the server. Real processes, killed for real. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { processExists } from "../../src/lib/process-exists.ts";
import { allMiniLm, smollm2 } from "../support/models.ts";
import { createModel, startServer, type TestServer } from "../support/server.ts";

const LIMIT_MS = 120_000;
let server: TestServer;

beforeAll(async () => {
  server = await startServer({ OLLAMA_MAX_LOADED_MODELS: "2", OLLAMA_DEBUG: "1" });
  await createModel(server, "chatty", await smollm2());
  await createModel(server, "embedder", await allMiniLm());
}, 300_000);

afterAll(async () => {
  await server.stop();
}, 30_000);

const post = (path: string, body: object, signal?: AbortSignal): Promise<Response> =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });

/** Never ends by itself. */
const ENDLESS = {
  model: "chatty",
  prompt: "Go on.",
  format: endlessFormat(),
  options: { num_predict: 100_000, temperature: 0 },
};

function endlessFormat(): object {
  return { type: "array", items: { const: 1 }, minItems: 4000 };
}

interface Line {
  response?: string;
  error?: string;
  done?: boolean;
  done_reason?: string;
}

async function* lines(response: Response): AsyncGenerator<Line> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    rest += decoder.decode(chunk, { stream: true });
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) yield JSON.parse(line) as Line;
  }
}

/** Child processes of the server: its runners. */
async function runners(): Promise<number[]> {
  const ps = Bun.spawn(["ps", "-o", "pid=", "--ppid", String(server.pid)]);
  const text = await new Response(ps.stdout).text();
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(Number)
    .filter((pid) => pid !== ps.pid);
}

async function activeRequests(): Promise<string> {
  const { models } = (await (await fetch(`${server.url}/api/ps`)).json()) as { models: { name: string }[] };
  return models
    .map(({ name }) => name)
    .sort()
    .join(",");
}

/** Is the one slot of `chatty` free? A short request is answered only then. */
async function answersAgain(): Promise<boolean> {
  const response = await post("/api/generate", {
    model: "chatty",
    prompt: "Hi",
    stream: false,
    options: { num_predict: 2 },
  });
  return response.status === 200;
}

describe("a runner killed in mid-stream", () => {
  test(
    "ends that stream with an error line, spares other models, and the next request loads again",
    async () => {
      await post("/api/embed", { model: "embedder", input: "warm" });
      const embedder = new Set(await runners());
      const stream = lines(await post("/api/generate", ENDLESS));
      expect((await stream.next()).value).toMatchObject({ done: false });
      const victim = (await runners()).find((pid) => !embedder.has(pid))!;
      process.kill(victim, "SIGKILL");
      let last: Line = {};
      for await (const line of stream) last = line;
      expect(last.error).toContain("model runner has unexpectedly stopped");
      expect(await activeRequests()).toBe("embedder:latest");
      expect(await answersAgain()).toBe(true);
      expect((await runners()).filter((pid) => embedder.has(pid))).toHaveLength(embedder.size);
    },
    LIMIT_MS,
  );

  test(
    "without streaming it is a 500 with the reason",
    async () => {
      const before = new Set(await runners());
      const answer = post("/api/generate", { ...ENDLESS, stream: false });
      await Bun.sleep(500);
      for (const pid of before) process.kill(pid, "SIGKILL");
      const response = await answer;
      expect(response.status).toBe(500);
      expect(((await response.json()) as Line).error).toContain("model runner has unexpectedly stopped");
    },
    LIMIT_MS,
  );
});

describe("a client that leaves", () => {
  test(
    "while generating frees the slot",
    async () => {
      const controller = new AbortController();
      const stream = lines(await post("/api/generate", ENDLESS, controller.signal));
      await stream.next();
      controller.abort();
      expect(await answersAgain()).toBe(true);
    },
    LIMIT_MS,
  );

  test(
    "while its prompt is evaluated frees the slot",
    async () => {
      const controller = new AbortController();
      const prompt = "All work and no play makes Jack a dull boy. ".repeat(300);
      const answer = post(
        "/api/generate",
        { model: "chatty", prompt, raw: true, options: { num_predict: 5 } },
        controller.signal,
      );
      await Bun.sleep(300);
      controller.abort();
      await expect(answer).rejects.toThrow();
      expect(await answersAgain()).toBe(true);
    },
    LIMIT_MS,
  );

  test(
    "while it waits for a slot leaves the queue, and the one in the slot goes on",
    async () => {
      const stream = lines(
        await post("/api/generate", { ...ENDLESS, options: { num_predict: 150, temperature: 0 } }),
      );
      await stream.next();
      const controller = new AbortController();
      const waiting = post(
        "/api/generate",
        { model: "chatty", prompt: "Me too", options: { num_predict: 5 } },
        controller.signal,
      );
      await Bun.sleep(100);
      controller.abort();
      await expect(waiting).rejects.toThrow();
      let last: Line = {};
      for await (const line of stream) last = line;
      expect(last).toMatchObject({ done: true, done_reason: "length" });
    },
    LIMIT_MS,
  );

  test(
    "while the model loads does not stop the load for another",
    async () => {
      await post("/api/generate", { model: "chatty", keep_alive: 0 });
      const controller = new AbortController();
      const first = post(
        "/api/generate",
        { model: "chatty", prompt: "Hi", options: { num_predict: 2 } },
        controller.signal,
      );
      const second = post("/api/generate", {
        model: "chatty",
        prompt: "Hi",
        stream: false,
        options: { num_predict: 2 },
      });
      await Bun.sleep(30);
      controller.abort();
      await expect(first).rejects.toThrow();
      expect((await second).status).toBe(200);
      expect(await runners()).toHaveLength(new Set((await activeRequests()).split(",")).size);
    },
    LIMIT_MS,
  );
});

describe("keep_alive", () => {
  test(
    "0 unloads, a negative value pins, and ps tells",
    async () => {
      await post("/api/generate", {
        model: "chatty",
        prompt: "Hi",
        stream: false,
        keep_alive: -1,
        options: { num_predict: 2 },
      });
      const { models } = (await (await fetch(`${server.url}/api/ps`)).json()) as {
        models: { name: string; expires_at: string }[];
      };
      const pinned = models.find(({ name }) => name === "chatty:latest");
      expect(new Date(pinned!.expires_at).getFullYear()).toBeGreaterThan(2200);
      const response = await post("/api/generate", { model: "chatty", keep_alive: 0 });
      expect(await response.json()).toMatchObject({ done: true, done_reason: "unload" });
      while ((await activeRequests()).includes("chatty")) await Bun.sleep(20);
    },
    LIMIT_MS,
  );
});

describe("the server killed with SIGKILL", () => {
  test(
    "leaves no runner behind, even one that is computing",
    async () => {
      const doomed = await startServer();
      await createModel(doomed, "chatty", await smollm2());
      const response = await fetch(`${doomed.url}/api/generate`, {
        method: "POST",
        body: JSON.stringify(ENDLESS),
      });
      await lines(response).next();
      const ps = Bun.spawn(["ps", "-o", "pid=", "--ppid", String(doomed.pid)]);
      const pids = (await new Response(ps.stdout).text()).trim().split(/\s+/).map(Number);
      expect(pids.length).toBeGreaterThan(0);
      process.kill(doomed.pid, "SIGKILL");
      while (pids.some(processExists)) await Bun.sleep(20);
      await doomed.stop().catch(() => {});
    },
    LIMIT_MS,
  );
});

describe("the server stopped with SIGTERM", () => {
  test(
    "tells whoever is in mid-stream, and ends",
    async () => {
      await using stopped = await startServer();
      await createModel(stopped, "chatty", await smollm2());
      const response = await fetch(`${stopped.url}/api/generate`, {
        method: "POST",
        body: JSON.stringify(ENDLESS),
      });
      let last: Line = {};
      for await (const line of lines(response)) {
        if (last.response === undefined) process.kill(stopped.pid, "SIGTERM");
        last = line;
      }
      expect(last).toEqual({ error: "the server is shutting down" });
      while (await responds(stopped.url)) await Bun.sleep(20);
    },
    LIMIT_MS,
  );
});

const responds = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );
