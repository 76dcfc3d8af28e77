/** A conversation with a local model: `bun examples/chat.ts smollm2 "Why is the sky blue?"` */
import { type ChatMessage, createClient, LlameroError } from "llamero/client";

const [model = "llama3.2", ...questions] = process.argv.slice(2);
const client = createClient({ host: process.env.LLAMERO_URL ?? "http://127.0.0.1:11434" });

// What is answered in one piece is a value: `data` or `error`.
const shown = await client.api.show.post({ model });
if (shown.error) {
  console.error(`${shown.error.status}: ${shown.error.message}`);
  process.exit(1);
}
console.log(`${model}: ${shown.data.details.parameter_size}, ${shown.data.details.quantization_level}`);

// What streams is a loop, and throws. Leaving it, or the signal, stops the model.
const messages: ChatMessage[] = [];
const signal = AbortSignal.timeout(120_000);
try {
  for (const question of questions) {
    messages.push({ role: "user", content: question });
    let answer = "";
    for await (const chunk of client.chat({ model, messages, options: { num_predict: 64 } }, { signal })) {
      process.stdout.write(chunk.message.content);
      answer += chunk.message.content;
      if (chunk.done) console.log(`\n(${chunk.done_reason}, ${chunk.eval_count ?? 0} tokens)`);
    }
    messages.push({ role: "assistant", content: answer });
  }
} catch (error) {
  if (!(error instanceof LlameroError)) throw error;
  console.error(`${error.status}: ${error.message}`);
  process.exit(1);
}
