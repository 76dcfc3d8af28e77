/** The package `ollama`: an answer whole and in pieces, one that is aborted, an error. Prints JSON; argument: the server's URL. */
import process from "node:process";
import { Ollama } from "ollama";

const client = new Ollama({ host: process.argv[2] });
const messages = [{ role: "user", content: "Name a city." }];
const asked = { model: "smollm2", messages, options: { temperature: 0, num_predict: 12 } };

const whole = await client.chat(asked);
const pieces = [];
for await (const { message } of await client.chat({ ...asked, stream: true })) pieces.push(message.content);

const endless = await client.chat({ model: "endless", messages, stream: true });
let aborted = "";
try {
  for await (const _ of endless) endless.abort();
} catch (error) {
  aborted = error.name;
}
const next = await client.generate({ ...asked, prompt: "Hi" });
const failure = await client.show({ model: "nope" }).catch((error) => error);

console.log(
  JSON.stringify({
    bun: process.versions.bun !== undefined,
    whole: whole.message.content,
    pieces,
    aborted,
    next: next.done,
    failure: { name: failure.name, status: failure.status_code, message: failure.message },
  }),
);
