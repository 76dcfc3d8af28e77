/** A server that speaks as much of Ollama's API as a terminal session needs, and answers what a test tells it to, chunk by chunk. */
export interface ScriptedOllama extends AsyncDisposable {
  readonly url: string;
  /** Bodies of the requests, by path, in their order. */
  readonly asked: { path: string; body: Record<string, unknown> }[];
  /** Chunks of the next answers. */
  answers(next: (() => AsyncGenerator<Chunk>) | readonly Chunk[]): void;
}

/** A part of a message. */
interface Chunk {
  content?: string;
  thinking?: string;
}

const LAST = {
  done: true,
  done_reason: "stop",
  total_duration: 2_000_000_000,
  load_duration: 100_000_000,
  prompt_eval_count: 11,
  prompt_eval_cached_count: 5,
  prompt_eval_duration: 500_000_000,
  eval_count: 20,
  eval_duration: 1_000_000_000,
};

const SHOWN = {
  modelfile: "FROM m\n",
  parameters: "temperature 0",
  template: "{{ .Prompt }}",
  details: { format: "gguf", family: "llama", parameter_size: "1B", quantization_level: "Q8_0" },
  model_info: { "general.architecture": "llama" },
  capabilities: ["completion", "thinking"],
};

/** @param missing names of models that it does not have. */
export function scriptedOllama(missing: readonly string[] = []): ScriptedOllama {
  const asked: ScriptedOllama["asked"] = [];
  let next: (() => AsyncGenerator<Chunk>) | readonly Chunk[] = [{ content: "ok" }];
  const show = (body: Record<string, unknown>): Response => {
    const { model, system, options } = body as { model: string; system?: string; options?: object };
    if (missing.includes(model))
      return Response.json({ error: `model '${model}' not found` }, { status: 404 });
    const set = Object.entries(options ?? {}).map(([key, value]) => `PARAMETER ${key} ${value}\n`);
    const modelfile = `${SHOWN.modelfile}${system === undefined ? "" : `SYSTEM ${system}\n`}${set.join("")}`;
    return Response.json({ ...SHOWN, modelfile, ...(system !== undefined && { system }) });
  };
  const chat = (): Response => {
    const chunks = next;
    const body = async function* () {
      for await (const { content = "", thinking } of typeof chunks === "function" ? chunks() : chunks) {
        const message = { role: "assistant", content, ...(thinking !== undefined && { thinking }) };
        yield `${JSON.stringify({ model: "m", message, done: false })}\n`;
      }
      yield `${JSON.stringify({ model: "m", message: { role: "assistant", content: "" }, ...LAST })}\n`;
    };
    return new Response(body(), { headers: { "content-type": "application/x-ndjson" } });
  };
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    idleTimeout: 0,
    async fetch(request) {
      const { pathname: path } = new URL(request.url);
      if (request.method !== "POST") {
        return path === "/"
          ? new Response("Ollama is running")
          : Response.json({ version: "0.17.4", models: [] });
      }
      const body = (await request.json()) as Record<string, unknown>;
      asked.push({ path, body });
      if (path === "/api/show") return show(body);
      return path === "/api/chat" ? chat() : Response.json({ status: "success", done: true, response: "" });
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    asked,
    answers(chunks) {
      next = chunks;
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}
