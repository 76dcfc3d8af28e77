import { type ChatMessage, createClient, LlameroError, type PullProgress, unwrap } from "@llamero/client";

/** What a program that has installed the package does with it: checked under several settings, and run in Node.js, Bun and a browser. */
export async function tour(host: string, model: string): Promise<string[]> {
  const client = createClient({ host });
  const seen: string[] = [];

  const version: string = unwrap(await client.api.version.get()).version;
  seen.push(/^\d+\.\d+\.\d+/.test(version) ? "version" : version);

  const shown = await client.api.show.post({ model });
  seen.push(shown.error?.message ?? shown.data?.details.family ?? "");

  const messages: ChatMessage[] = [{ role: "user", content: "Say hello." }];
  for await (const chunk of client.chat({ model, messages, options: { num_predict: 3 } })) {
    if (chunk.done) seen.push(`${chunk.eval_count} tokens, ${chunk.done_reason}`);
  }

  const waits: ("slot" | "load" | "room")[] = unwrap(await client.api.queue.get()).queued.map(
    (each) => each.waits_for,
  );
  seen.push(`${waits.length} wait`);

  const questions = { sad: { type: "noul", instructions: "Is it sad?" } } as const;
  const decided = unwrap(await client.v1.systemone.post({ model, state: "It rains.", questions }));
  const { sad } = decided.answers;
  if (sad?.type === "noul") seen.push(sad.noul >= 0 && sad.noul <= 1 ? "decided" : `${sad.noul}`);

  const missing = await client.api.show.post({ model: "nothing" });
  seen.push(`${missing.error?.status} ${missing.error?.message}`);
  try {
    for await (const line of client.generate({ model: "nothing", prompt: "" })) seen.push(line.response);
  } catch (error) {
    if (error instanceof LlameroError) seen.push(`${error.name} ${error.status}`);
  }
  return seen;
}

/** What the types must refuse. */
export async function mistakes(): Promise<void> {
  const client = createClient();
  // @ts-expect-error the field is called model
  client.chat({ modle: "a" });
  // @ts-expect-error a model's name is a text
  await client.api.show.post({ model: 5 });
  // @ts-expect-error there is no such route
  await client.api.shwo.post({ model: "a" });
  // @ts-expect-error values of `files` are digests
  await client.api.create.post({ model: "a", files: { "a.gguf": 5 }, stream: false });
  // @ts-expect-error there is no such kind of question
  await client.v1.systemone.post({ model: "a", state: "", questions: { a: { type: "yes" } } });
  const pulled: PullProgress = { status: "success" };
  // @ts-expect-error there is no such field
  pulled.staus;
}
