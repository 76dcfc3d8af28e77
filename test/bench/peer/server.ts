import { createModel } from "../../support/server.ts";
import type { Models } from "../work.ts";
import type { Host, Settings } from "./host.ts";
import { readStreamed, type Streamed } from "./streamed.ts";

export interface ChatMessage {
  role: string;
  content: string;
  [field: string]: unknown;
}

const TEXT_MODEL = "llamero-bench-text";
/** The same weights under another name would share a runner: another context length makes it a model of its own. */
const OTHER_MODEL = "llamero-bench-other";
const EMBED_MODEL = "llamero-bench-embed";
const COPY = "llamero-bench-copy-";
/** Of SmolLM2, and enough for every scenario. */
const CONTEXT = 8192;

/** ChatML with a place for tools, which the model's own template has not. */
const TEMPLATE = `{{ if .Tools }}<|im_start|>system
Tools: {{ range .Tools }}{{ . }}{{ end }}<|im_end|>
{{ end }}{{ range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}{{ range .ToolCalls }}{{ .Function.Name }} {{ .Function.Arguments }}{{ end }}<|im_end|>
{{ end }}<|im_start|>assistant
`;

interface Asking {
  /** The second model. */
  other?: boolean;
  /** Leaves the answer. */
  signal?: AbortSignal;
}

/** Any server with Ollama's API, by what all of them answer. Nothing here is llamero's own. */
export class BenchServer {
  readonly name: string;
  readonly #host: Host;
  #settings: Settings = {};
  #copies = 0;

  /** @param name what the table calls it. */
  constructor(name: string, host: Host) {
    this.name = name;
    this.#host = host;
  }

  get canRestart(): boolean {
    return this.#host.restart !== undefined;
  }

  /** Uploads the models and makes them known, as any client could. */
  async prepare(models: Models): Promise<void> {
    const { url } = this.#host;
    const parameters = { num_ctx: CONTEXT };
    await createModel({ url }, TEXT_MODEL, models.text, { template: TEMPLATE, parameters });
    await createModel({ url }, OTHER_MODEL, models.text, { parameters: { num_ctx: CONTEXT / 4 } });
    await createModel({ url }, EMBED_MODEL, models.embedding);
  }

  /** Removes what was made. */
  async leave(): Promise<void> {
    const copies = Array.from({ length: this.#copies }, (_, at) => `${COPY}${at}`);
    for (const model of [TEXT_MODEL, OTHER_MODEL, EMBED_MODEL, ...copies])
      await fetch(`${this.#host.url}/api/delete`, { method: "DELETE", body: JSON.stringify({ model }) });
  }

  /** Makes copies until the list of models has so many more. */
  async copies(count: number): Promise<void> {
    for (; this.#copies < count; this.#copies++) {
      const body = { source: TEXT_MODEL, destination: `${COPY}${this.#copies}` };
      await (await this.#post("/api/copy", body)).text();
    }
  }

  /** Starts it anew where it has other settings, or `always`; one that was not started here stays as it is. */
  async restart(settings: Settings = this.#settings, always = true): Promise<void> {
    if (!always && Bun.deepEquals(settings, this.#settings)) return;
    this.#settings = settings;
    await this.#host.restart?.(settings);
  }

  /** Its own version; of a server that is not llamero, what it says of itself. */
  async version(): Promise<string> {
    const said = (await (await this.#get("/api/version")).json()) as Record<string, string>;
    return said.llamero_version ?? said.version ?? "";
  }

  /** An answer of `count` tokens to a prompt without a template. */
  generate(prompt: string, count: number, { other, signal }: Asking = {}): Promise<Streamed> {
    const body = {
      model: other ? OTHER_MODEL : TEXT_MODEL,
      prompt,
      raw: true,
      options: { num_predict: count, temperature: 0, stop: [] },
    };
    return this.#streamed("/api/generate", body, signal);
  }

  /** A turn of a conversation, greedy unless `more` options say otherwise. */
  chat(messages: readonly ChatMessage[], count: number, more: object = {}): Promise<Streamed> {
    const options = { num_predict: count, temperature: 0, ...more };
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
    await (await this.#get("/api/tags")).arrayBuffer();
  }

  /** Unloads all models, and resolves when they are gone. */
  async unload(): Promise<void> {
    for (const model of [TEXT_MODEL, OTHER_MODEL])
      await (await this.#post("/api/generate", { model, keep_alive: 0 })).arrayBuffer();
    await (await this.#post("/api/embed", { model: EMBED_MODEL, input: [], keep_alive: 0 })).arrayBuffer();
    while ((await (await this.#get("/api/ps")).text()).includes("llamero-bench")) await Bun.sleep(20);
  }

  async #streamed(path: string, body: object, signal?: AbortSignal): Promise<Streamed> {
    const since = Bun.nanoseconds();
    const reply = await this.#post(path, body, signal);
    return readStreamed(reply.body!, since);
  }

  #get(path: string): Promise<Response> {
    return this.#fetch(path, {});
  }

  #post(path: string, body: object, signal?: AbortSignal): Promise<Response> {
    return this.#fetch(path, { method: "POST", body: JSON.stringify(body), ...(signal && { signal }) });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const reply = await fetch(`${this.#host.url}${path}`, init);
    if (reply.ok) return reply;
    throw new Error(`${this.name}: ${path} is ${reply.status}: ${await reply.text()}`);
  }
}
