/** Sends batches without end, by so many clients at a time, as if from another machine: `bun flood-child.ts URL embed|chat|document CLIENTS`. */
import { setPriority } from "node:os";

const [url = "", kind = "", clients = "1"] = process.argv.slice(2);

/** Other machines' clients take no processor time from the servers. */
setPriority(19);

const BATCHES: Record<string, () => Promise<Response>> = {
  embed: () => post("/api/embed", { model: "bert", input: `a text to embed ${Math.random()}` }),
  chat: () => converse(`batch ${Math.random()}`),
  document: () =>
    converse(`sum up: ${Array.from({ length: 250 }, () => Math.random().toFixed(3)).join(" ")}`),
};

function converse(content: string): Promise<Response> {
  const body = { model: "smollm2", messages: [{ role: "user", content }], stream: false };
  const options = { num_predict: 32 };
  return post("/api/chat", { ...body, options }, { "x-llamero-priority": "batch" });
}

const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });

async function client(): Promise<void> {
  for (;;) {
    const reply = await BATCHES[kind]!();
    if (reply.status !== 200) throw new Error(`${reply.status} ${await reply.text()}`);
    await reply.arrayBuffer();
    process.stdout.write(".");
  }
}

await Promise.all(Array.from({ length: Number(clients) }, client));
