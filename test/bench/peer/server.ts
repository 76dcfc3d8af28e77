import { createModel } from "../../support/server.ts";
import type { Models } from "../work.ts";

/** Tokens of a streamed answer, by when they came in nanoseconds since the request. */
export interface Streamed {
  times: number[];
  /** The first token's, in milliseconds. */
  firstMs: number;
  text: string;
}

interface ChatMessage {
  role: string;
  content: string;
  [field: string]: unknown;
}

const TEXT_MODEL = "llamero-bench-text";
/** The same weights under another name would share a runner: another context length makes it a model of its own. */
const OTHER_MODEL = "llamero-bench-other";
const EMBED_MODEL = "llamero-bench-embed";

/** ChatML with a place for tools, which the model's own template has not. */
const TEMPLATE = `{{ if .Tools }}<|im_start|>system
Tools: {{ range .Tools }}{{ . }}{{ end }}<|im_end|>
{{ end }}{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}{{ range .ToolCalls }}{{ .Function.Name }} {{ .Function.Arguments }}{{ end }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

/** Any server with Ollama's API, by what all of them answer. Nothing here is llamero's own. */
export class BenchServer {
  readonly name: string;
  readonly url: string;

  /** @param name what the table calls it. @param url where it answers, without a slash at its end. */
  constructor(name: string, url: string) {
    this.name = name;
    this.url = url;
  }

  /** Uploads the models and makes them known, as any client could. */
  async prepare(models: Models): Promise<void> {
    await createModel(this, TEXT_MODEL, models.text, { template: TEMPLATE });
    await createModel(this, OTHER_MODEL, models.text, { parameters: { num_ctx: 1024 } });
    await createModel(this, EMBED_MODEL, models.embedding);
  }

  /** What it says it is, for the figure. */
  async version(): Promise<string> {
    const { version } = (await (await fetch(`${this.url}/api/version`)).json()) as { version: string };
    return version;
  }

  /** A greedy answer of `count` tokens. @param signal leaves it. */
  async generate(prompt: string, count: number, options: { other?: boolean; signal?: AbortSignal } = {}) {
    const body = {
      model: options.other ? OTHER_MODEL : TEXT_MODEL,
      prompt,
      raw: true,
      options: { num_predict: count, temperature: 0, stop: [] },
    };
    return this.#streamed("/api/generate", body, options.signal);
  }

  /** A turn of a conversation. */
  chat(messages: readonly ChatMessage[], count: number): Promise<Streamed> {
    const options = { num_predict: count, temperature: 0 };
    return this.#streamed("/api/chat", { model: TEXT_MODEL, messages, options });
  }

  /** A turn as agents ask for it. */
  agentTurn(messages: readonly ChatMessage[], tools: readonly object[], count: number): Promise<Streamed> {
    const body = { model: TEXT_MODEL, messages, tools, stream: true, max_tokens: count, temperature: 0 };
    return this.#streamed("/v1/chat/completions", body);
  }

  async embed(input: readonly string[]): Promise<void> {
    const reply = await this.#post("/api/embed", { model: EMBED_MODEL, input });
    const { embeddings } = (await reply.json()) as { embeddings: unknown[] };
    if (embeddings.length !== input.length) throw new Error(`${this.name} lost an embedding`);
  }

  async tags(): Promise<void> {
    await (await fetch(`${this.url}/api/tags`)).arrayBuffer();
  }

  /** Unloads all models, and resolves when they are gone. */
  async unload(): Promise<void> {
    for (const model of [TEXT_MODEL, OTHER_MODEL])
      await (await this.#post("/api/generate", { model, keep_alive: 0 })).arrayBuffer();
    await (await this.#post("/api/embed", { model: EMBED_MODEL, input: [], keep_alive: 0 })).arrayBuffer();
    while ((await (await fetch(`${this.url}/api/ps`)).text()).includes("llamero-bench")) await Bun.sleep(20);
  }

  async #streamed(path: string, body: object, signal?: AbortSignal): Promise<Streamed> {
    const begin = Bun.nanoseconds();
    const reply = await this.#post(path, body, signal);
    const times: number[] = [];
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of reply.body!) {
      const now = Bun.nanoseconds() - begin;
      const more = decoder.decode(chunk, { stream: true });
      // An event or a line each; the last ones end the stream and are no tokens.
      times.push(...Array.from(more.matchAll(/(?<=[^\n])\n/g), () => now));
      text += more;
    }
    const [first] = times;
    if (first === undefined) throw new Error(`${this.name} answered ${path} with nothing: ${text}`);
    return { times: times.slice(0, -1), firstMs: first / 1e6, text };
  }

  async #post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
    const reply = await fetch(`${this.url}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
    if (reply.ok) return reply;
    throw new Error(`${this.name}: ${path} is ${reply.status}: ${await reply.text()}`);
  }
}
