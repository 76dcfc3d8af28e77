/** llamero as its users meet it: a server process, a runner process, NDJSON over HTTP. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createModel, startServer, type TestServer } from "../../support/server.ts";
import {
  type Contender,
  embedTexts,
  type Figure,
  jointRate,
  longText,
  type Models,
  perSecond,
  STORY,
  WORK,
} from "../work.ts";

/** Linux counts CPU time in hundredths of a second. */
const TICK_US = 10_000;

export class ServerContender implements Contender {
  readonly #server: TestServer;
  /** Bytes that the server occupied before its first request. */
  readonly idleBytes: number;

  private constructor(server: TestServer, idleBytes: number) {
    this.#server = server;
    this.idleBytes = idleBytes;
  }

  static async start(models: Models): Promise<ServerContender> {
    const server = await startServer({
      OLLAMA_NUM_PARALLEL: String(WORK.parallel),
      OLLAMA_CONTEXT_LENGTH: String(WORK.contextLength),
      OLLAMA_MAX_LOADED_MODELS: "2",
    });
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1];
    await createModel(server, "text", models.text);
    await createModel(server, "embedding", models.embedding);
    return new ServerContender(server, Number(rss) * 1024);
  }

  async measure(figure: Figure, salt: number): Promise<number> {
    switch (figure) {
      case "decode":
        return this.#decode(longText(WORK.decodePrompt, salt), WORK.decodeTokens);
      case "prompt": {
        const begin = Bun.nanoseconds();
        const { times, last } = await this.#generate(longText(WORK.promptTokens, salt), 1);
        return perSecond(last.prompt_eval_count - (last.prompt_eval_cached_count ?? 0), times[0]! - begin);
      }
      case "parallel":
        return this.#parallel(salt);
      case "embed":
        return this.#embed();
      case "load":
        return this.#load();
    }
  }

  /** Ends the runners. Resolves when they are gone. */
  async unload(): Promise<void> {
    for (const model of ["text", "embedding"])
      await (await this.#post("/api/generate", { model, keep_alive: 0 })).json();
    while ((await (await fetch(`${this.#server.url}/api/ps`)).text()).includes('"name"')) await Bun.sleep(20);
  }

  /** Microseconds of the server process's own CPU time per streamed token, `streams` clients at a time. */
  async cpuPerToken(streams: number, tokens: number): Promise<number> {
    const before = this.#cpuMicroseconds();
    await Promise.all(
      Array.from({ length: streams }, (_, i) => this.#generate(longText(20, 900 + i), tokens)),
    );
    return (this.#cpuMicroseconds() - before) / (streams * tokens);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.stop();
  }

  /**
   * Measured at the client: from the first streamed token to the last. The client is curl, which takes so little of the cores that
   * the figure is the server's and not the client's.
   */
  async #decode(prompt: string, count: number): Promise<number> {
    // Beside the store, which goes when the server is stopped.
    const answer = join(dirname(this.#server.modelsDir), "answer.ndjson");
    const body = JSON.stringify(generateRequest(prompt, count));
    const url = `${this.#server.url}/api/generate`;
    const times =
      await Bun.$`curl -sN -o ${answer} -w ${"%{time_starttransfer} %{time_total}"} -d ${body} ${url}`.text();
    const [first = 0, end = 0] = times.split(" ").map(Number);
    return perSecond(lastChunk(await Bun.file(answer).text()).eval_count - 1, (end - first) * 1e9);
  }

  async #parallel(salt: number): Promise<number> {
    const runs = await Promise.all(
      Array.from({ length: WORK.parallel }, (_, i) =>
        this.#generate(longText(WORK.parallelPrompt, salt * 10 + i), WORK.parallelTokens),
      ),
    );
    return jointRate(runs.map(({ times }) => times));
  }

  async #embed(): Promise<number> {
    await this.#post("/api/embed", { model: "embedding", input: "warm" }).then((response) => response.json());
    const begin = Bun.nanoseconds();
    const response = await this.#post("/api/embed", { model: "embedding", input: embedTexts() });
    const { embeddings } = (await response.json()) as { embeddings: number[][] };
    return perSecond(embeddings.length, Bun.nanoseconds() - begin);
  }

  async #load(): Promise<number> {
    await this.unload();
    const begin = Bun.nanoseconds();
    await this.#generate(STORY, 1);
    return (Bun.nanoseconds() - begin) / 1e6;
  }

  /** `times`: when each token came, in nanoseconds. */
  async #generate(prompt: string, count: number): Promise<{ times: number[]; last: LastChunk }> {
    const response = await this.#post("/api/generate", generateRequest(prompt, count));
    const times: number[] = [];
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body!) {
      const now = Bun.nanoseconds();
      const more = decoder.decode(chunk, { stream: true });
      times.push(...Array.from(more.matchAll(/\n/g), () => now));
      text += more;
    }
    // The last line is no token.
    return { times: times.slice(0, -1), last: lastChunk(text) };
  }

  #post(path: string, body: object): Promise<Response> {
    return fetch(`${this.#server.url}${path}`, { method: "POST", body: JSON.stringify(body) });
  }

  #cpuMicroseconds(): number {
    const fields = readFileSync(`/proc/${this.#server.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  }
}

interface LastChunk {
  eval_count: number;
  prompt_eval_count: number;
  prompt_eval_cached_count?: number;
}

const generateRequest = (prompt: string, count: number) => ({
  model: "text",
  prompt,
  raw: true,
  options: { num_predict: count, temperature: 0, stop: [] },
});

const lastChunk = (text: string): LastChunk => JSON.parse(text.trimEnd().split("\n").at(-1)!) as LastChunk;
