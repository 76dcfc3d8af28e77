import { join } from "node:path";

/** What one request through a balancer came to. */
export interface Answer {
  status: number;
  /** The member that answered, as the balancer names it; "" where it does not. */
  member: string;
  route: string;
  promptTokens: number;
  cachedTokens: number;
  text: string;
  ms: number;
}

/** A turn of a conversation, by the dialect that tells how much of a prompt was cached. @throws where the connection breaks. */
export async function ask(
  url: string,
  body: Record<string, unknown>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ model: "tiny", max_tokens: 4, temperature: 0, ...body }),
  });
  const reply = (await response.json()) as {
    choices?: [{ message: { content: string } }];
    usage?: { prompt_tokens: number; prompt_tokens_details?: { cached_tokens?: number } };
  };
  return {
    status: response.status,
    member: response.headers.get("x-served-by") ?? "",
    route: response.headers.get("x-llamero-route") ?? "",
    promptTokens: reply.usage?.prompt_tokens ?? 0,
    cachedTokens: reply.usage?.prompt_tokens_details?.cached_tokens ?? 0,
    text: reply.choices?.[0].message.content ?? JSON.stringify(reply),
    ms: performance.now() - started,
  };
}

export interface Hits {
  /** Requests that continued a conversation, and those of them whose earlier prompt was cached. */
  continued: number;
  found: number;
}

export interface Conversations {
  conversations: number;
  turns: number;
  /** Number of the first; no two that have different ones begin alike. Default 0. */
  from?: number;
  /** The client sends X-Llamero-Route of one answer with the next request, or says from the beginning which session it is. */
  says?: "nothing" | "route" | "session";
}

/**
 * Conversations of several turns, in which all take turns in an order that changes with every round.
 */
export async function converse(
  url: string,
  { conversations, turns, from = 0, says = "nothing" }: Conversations,
): Promise<Hits> {
  const talks = Array.from({ length: conversations }, (_, at) => ({
    messages: [{ role: "user", content: words(60, from + at) }],
    prompt: 0,
    route: "",
  }));
  const hits = { continued: 0, found: 0 };
  for (let turn = 0; turn < turns; turn++) {
    // Not the order of the round before: round robin would otherwise meet every conversation again at the same member.
    for (const talk of talks.toSorted(
      (a, b) => scatter(a.messages[0]!.content, turn) - scatter(b.messages[0]!.content, turn),
    )) {
      const headers = identity[says](talk);
      const answer = await ask(url, { messages: talk.messages }, headers);
      if (answer.status !== 200) throw new Error(`status ${answer.status}: ${answer.text}`);
      if (turn > 0) {
        hits.continued++;
        if (answer.cachedTokens >= talk.prompt * 0.9) hits.found++;
      }
      talk.prompt = answer.promptTokens;
      talk.route = answer.route;
      talk.messages.push(
        { role: "assistant", content: "I see." },
        { role: "user", content: words(40, turn) },
      );
    }
  }
  return hits;
}

interface Talk {
  messages: { role: string; content: string }[];
  route: string;
}

const identity: Record<NonNullable<Conversations["says"]>, (talk: Talk) => Record<string, string>> = {
  nothing: () => ({}),
  route: ({ route }) => (route === "" ? {} : { "x-llamero-route": route }),
  session: ({ messages }) => ({ "x-session-id": String(Bun.hash(messages[0]!.content)) }),
};

/** As many words as are asked for, which begin like no other's. */
const words = (count: number, of: number): string =>
  Array.from({ length: count }, (_, at) => (((of + 1) * 7919 + at * 104_729) % 100_003).toString(36)).join(
    " ",
  );

const scatter = (text: string, turn: number): number => Number(Bun.hash(`${turn} ${text}`) % 1_000_003n);

/** The value that a part of all is not above. */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

/** Calls `work` by so many at a time until it is disposed. */
export function flood(width: number, work: () => Promise<void>): AsyncDisposable {
  let isOver = false;
  const lanes = Array.from({ length: width }, async () => {
    while (!isOver) await work();
  });
  return {
    async [Symbol.asyncDispose]() {
      isOver = true;
      await Promise.all(lanes);
    },
  };
}

/** Batches without end, by a process of its own (flood-child.ts). */
export interface Batches extends AsyncDisposable {
  /** Resolves with the first answer. */
  readonly begun: Promise<void>;
  answered(): number;
}

/** @param clients how many send at the same time. */
export function floodFrom(url: string, kind: "embed" | "chat" | "document", clients: number): Batches {
  const program = join(import.meta.dir, "flood-child.ts");
  const child = Bun.spawn([process.execPath, program, url, kind, String(clients)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const begun = Promise.withResolvers<void>();
  let answers = 0;
  const reading = (async () => {
    for await (const piece of child.stdout) {
      answers += piece.length;
      begun.resolve();
    }
    begun.reject(new Error("the flood ended by itself"));
  })();
  // It may also end after it has begun.
  begun.promise.catch(() => {});
  return {
    begun: begun.promise,
    answered: () => answers,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
      await reading;
    },
  };
}
