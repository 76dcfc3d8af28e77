import type { Digest } from "../../src/lib/digest.ts";
import { tinyLlama } from "./models.ts";
import { seededRandom } from "./random.ts";
import { digestOf } from "./store-fixture.ts";

/** What a model is known to be: its system prompt, or undefined where it is deleted. Several, while nobody knows which. */
export type Known = Map<string, Set<string | undefined>>;

/** What a killer's clients have done so far. */
export interface Tally {
  acknowledged: number;
  byKind: Record<string, number>;
  /** Replies that were no success and no broken connection. */
  refused: string[];
}

interface Upload {
  digest: Digest;
  bytes: Uint8Array;
}

type Change = (client: CrashClient) => Promise<void>;

const MODELS_EACH = 4;

/**
 * A client that changes models of its own, one change after the other, until its server dies. It remembers what has been
 * acknowledged, and that a change which was not may have happened or not.
 */
export class CrashClient {
  readonly known: Known;
  readonly tally: Tally;
  readonly #id: number;
  readonly #random: () => number;
  readonly #uploads: readonly Upload[];
  #url = "";
  #serial = 0;

  constructor(id: number, known: Known, tally: Tally, uploads: readonly Upload[]) {
    this.#id = id;
    this.known = known;
    this.tally = tally;
    this.#uploads = uploads;
    this.#random = seededRandom(1000 + id);
  }

  /** Works until a request fails because the server is gone. */
  async work(url: string): Promise<void> {
    this.#url = url;
    const changes: [number, Change][] = [
      [4, (client) => client.#create()],
      [2, (client) => client.#copy()],
      [3, (client) => client.#delete()],
      [1, async (client) => void (await client.#upload())],
      [1, (client) => client.#generate()],
    ];
    const bag = changes.flatMap(([times, change]) => Array.from({ length: times }, () => change));
    try {
      for (;;) await this.#pick(bag)(this);
    } catch (error) {
      if (error instanceof Refused) this.tally.refused.push(error.message);
    }
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)]!;
  }

  #name(): string {
    return `c${this.#id}-${Math.floor(this.#random() * MODELS_EACH)}`;
  }

  /** @throws the connection's error when the server dies; {@link Refused} for a reply that is no success. */
  async #call(
    kind: string,
    method: string,
    path: string,
    body: string | Uint8Array,
    allowed: number[] = [],
  ): Promise<number> {
    const reply = await fetch(`${this.#url}${path}`, { method, body });
    const text = await reply.text();
    if (!reply.ok && !allowed.includes(reply.status)) throw new Refused(`${kind}: ${reply.status} ${text}`);
    this.tally.acknowledged++;
    this.tally.byKind[kind] = (this.tally.byKind[kind] ?? 0) + 1;
    return reply.status;
  }

  /** While a change is under way the model may be what it was or what it is to be; once it is acknowledged it is the latter. */
  async #change(model: string, next: string | undefined, send: () => Promise<unknown>): Promise<void> {
    const before = this.known.get(model) ?? new Set([undefined]);
    this.known.set(model, new Set([...before, next]));
    await send();
    this.known.set(model, new Set([next]));
  }

  async #upload(): Promise<Upload> {
    const upload = this.#pick(this.#uploads);
    await this.#call("upload", "POST", `/api/blobs/${upload.digest}`, upload.bytes);
    return upload;
  }

  async #create(): Promise<void> {
    const { digest } = await this.#upload();
    const model = this.#name();
    const system = `I am ${model}, ${this.#serial++}.`;
    const body = { model, files: { "a.gguf": digest }, system, stream: false };
    await this.#change(model, system, () =>
      this.#call("create", "POST", "/api/create", JSON.stringify(body)),
    );
  }

  async #copy(): Promise<void> {
    const [source, destination] = [this.#name(), this.#name()];
    const systems = this.known.get(source) ?? new Set([undefined]);
    const [system] = systems;
    if (source === destination || systems.size !== 1 || system === undefined) return;
    const body = JSON.stringify({ source, destination });
    await this.#change(destination, system, () => this.#call("copy", "POST", "/api/copy", body));
  }

  async #delete(): Promise<void> {
    const model = this.#name();
    const send = () => this.#call("delete", "DELETE", "/api/delete", JSON.stringify({ model }), [404]);
    await this.#change(model, undefined, send);
  }

  async #generate(): Promise<void> {
    const body = { model: this.#name(), prompt: "a", stream: false, options: { num_predict: 4 } };
    await this.#call("generate", "POST", "/api/generate", JSON.stringify(body), [404]);
  }
}

/** A reply that was neither a success nor a broken connection. */
class Refused extends Error {}

/** Weights for {@link CrashClient}: a few models, so that clients share blobs. */
export const crashUploads = (count: number): Promise<Upload[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, seed) => {
      const bytes = await Bun.file(await tinyLlama({ seed: seed + 1 })).bytes();
      return { digest: digestOf(bytes), bytes };
    }),
  );
