/** The package `openai`: an answer whole and in pieces, one that is aborted, an error. Prints JSON; argument: the server's URL. */
import process from "node:process";
import OpenAI from "openai";

const client = new OpenAI({ baseURL: `${process.argv[2]}/v1`, apiKey: "any", maxRetries: 0 });
const messages = [{ role: "user", content: "Name a city." }];
const asked = { model: "smollm2", messages, temperature: 0, max_tokens: 12 };

const whole = await client.chat.completions.create(asked);
const pieces = [];
for await (const { choices } of await client.chat.completions.create({ ...asked, stream: true }))
  pieces.push(choices[0]?.delta.content ?? "");

const endless = await client.chat.completions.create({ model: "endless", messages, stream: true });
for await (const _ of endless) endless.controller.abort();
const next = await client.chat.completions.create({ ...asked, max_tokens: 2 });
const failure = await client.models.retrieve("nope").catch((error) => error);

console.log(
  JSON.stringify({
    bun: process.versions.bun !== undefined,
    whole: whole.choices[0].message.content,
    pieces,
    aborted: endless.controller.signal.aborted ? "AbortError" : "",
    next: next.choices.length === 1,
    failure: {
      name: failure.constructor.name,
      status: failure.status,
      message: failure.error?.message,
    },
  }),
);
