import { type ExampleBook, example } from "../wire/examples.ts";

const frame = { model: "smollm2", created_at: "2026-01-02T03:04:05.678901234Z" };
const metrics = {
  total_duration: 412_000_000,
  load_duration: 3_100_000,
  prompt_eval_count: 31,
  prompt_eval_cached_count: 12,
  prompt_eval_duration: 58_000_000,
  eval_count: 24,
  eval_duration: 342_000_000,
};
const ended = { done: true, done_reason: "stop", ...metrics };
const options = { temperature: 0, num_predict: 32 };
const ageSchema = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
};
const weatherTool = {
  type: "function",
  function: {
    name: "get_weather",
    description: "The weather in a city.",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
};

const answer = "The sky is blue because air scatters blue light more than red.";
const context = [1, 4093, 198, 2];
const answered = (content: string) => ({ message: { role: "assistant", content } });
const question = [{ role: "user", content: "Why is the sky blue?" }];

const details = {
  parent_model: "",
  format: "gguf",
  family: "llama",
  families: ["llama"],
  parameter_size: "134.52M",
  quantization_level: "Q4_1",
};
const identity = { name: "smollm2:latest", model: "smollm2:latest" };
const manifest = "4b2f1c6b6dbd5b2c4ea85d2f14d1e3ee4e0ea32cfa6a7c1f3e2f3a0d7b4f9a51";
const modified = "2026-01-02T03:04:05.678901234+01:00";
const layer = "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2";
const fetched = { digest: layer, total: 98_320_352, completed: 1_048_576 };
const succeeded = { status: "success" };
const failed = example("The last line of a stream that failed", { error: "the model was unloaded" });

/** Replies of long work, in one line and in several. */
const progress = (summary: string, line: object) => ({
  "200 application/json": { success: example("Done", succeeded) },
  "200 application/x-ndjson": {
    layer: example(summary, line),
    last: example("The last line", succeeded),
    failed,
  },
});

/** Examples of the native API. */
export const ollamaExamples: ExampleBook = {
  generate: {
    requests: {
      stream: example("A stream", { model: "smollm2", prompt: "Why is the sky blue?", options }),
      whole: example("One object at the end", {
        model: "smollm2",
        prompt: "Why is the sky blue?",
        stream: false,
        options,
      }),
      structured: example("An answer that follows a JSON Schema", {
        model: "smollm2",
        prompt: "Ada is 36 years old. Answer in JSON.",
        stream: false,
        format: ageSchema,
        options,
      }),
      load: example("Load the model and keep it for an hour", { model: "smollm2", keep_alive: "1h" }),
      unload: example("Unload the model", { model: "smollm2", keep_alive: 0 }),
    },
    replies: {
      "200 application/json": {
        whole: example("The answer", { ...frame, response: answer, ...ended, context }),
        load: example("The model is loaded", { ...frame, response: "", done: true, done_reason: "load" }),
      },
      "200 application/x-ndjson": {
        piece: example("A line of the answer", { ...frame, response: "The", done: false }),
        last: example("The last line", { ...frame, response: "", ...ended, context }),
        failed,
      },
    },
  },
  chat: {
    requests: {
      stream: example("A stream", { model: "smollm2", messages: question, options }),
      whole: example("One object at the end", {
        model: "smollm2",
        messages: [{ role: "system", content: "Answer in one sentence." }, ...question],
        stream: false,
        options,
      }),
      tools: example("A function that the model may call; the model has to be able to", {
        model: "qwen3",
        messages: [{ role: "user", content: "What is the weather in Bern?" }],
        tools: [weatherTool],
        stream: false,
      }),
    },
    replies: {
      "200 application/json": {
        whole: example("The answer", { ...frame, ...answered(answer), ...ended }),
        call: example("A call of a function", {
          ...frame,
          message: {
            role: "assistant",
            content: "",
            tool_calls: [
              {
                id: "call_k3v9x1qa",
                function: { index: 0, name: "get_weather", arguments: { city: "Bern" } },
              },
            ],
          },
          ...ended,
        }),
      },
      "200 application/x-ndjson": {
        piece: example("A line of the answer", { ...frame, ...answered("The"), done: false }),
        last: example("The last line", { ...frame, ...answered(""), ...ended }),
        failed,
      },
    },
  },
  findBlob: {},
  uploadBlob: {},
  createModel: {
    requests: {
      derived: example("From an installed model, with other settings", {
        model: "my-model",
        from: "smollm2",
        system: "You are a senior DevOps engineer specializing in Kubernetes.",
        parameters: { temperature: 0.3, num_predict: 64 },
      }),
      uploaded: example("From a GGUF that was uploaded as a blob", {
        model: "my-model",
        files: { "model.gguf": layer },
        stream: false,
      }),
    },
    replies: progress("A line of progress", { status: `using existing layer ${layer}` }),
  },
  embed: {
    requests: {
      several: example("Several texts", {
        model: "smollm2",
        input: ["Why is the sky blue?", "Why is grass green?"],
      }),
      one: example("One text, in a shorter vector", {
        model: "smollm2",
        input: "Why is the sky blue?",
        dimensions: 16,
      }),
    },
    replies: {
      "200 application/json": {
        several: example("Vectors of two texts", {
          model: "smollm2",
          embeddings: [
            [0.6, -0.8],
            [0.28, 0.96],
          ],
          total_duration: 14_143_917,
          load_duration: 1_019_500,
          prompt_eval_count: 12,
        }),
      },
    },
  },
  embedText: {
    requests: {
      text: example("A text", { model: "smollm2", prompt: "Why is the sky blue?" }),
    },
    replies: {
      "200 application/json": {
        vector: example("A vector", { embedding: [1.25, -0.5, 3.75] }),
      },
    },
  },
  listModels: {
    replies: {
      "200 application/json": {
        one: example("One model", {
          models: [
            {
              ...identity,
              modified_at: modified,
              size: 98_460_000,
              digest: manifest,
              details: { ...details, context_length: 8192, embedding_length: 576 },
              capabilities: ["completion"],
            },
          ],
        }),
      },
    },
  },
  listLoadedModels: {
    replies: {
      "200 application/json": {
        one: example("One model, on the CPU", {
          models: [
            {
              ...identity,
              size: 190_000_000,
              digest: manifest,
              details,
              expires_at: modified,
              size_vram: 0,
              context_length: 4096,
            },
          ],
        }),
      },
    },
  },
  showModel: {
    requests: {
      short: example("The usual", { model: "smollm2" }),
      verbose: example("With all lists of its GGUF, the vocabulary for one", {
        model: "smollm2",
        verbose: true,
      }),
    },
    replies: {
      "200 application/json": {
        model: example("A model", {
          modelfile: "FROM smollm2:latest\nPARAMETER temperature 0.3\n",
          parameters: "temperature                    0.3",
          template: "{{ .Prompt }}",
          details,
          model_info: { "general.architecture": "llama", "llama.context_length": 8192 },
          tensors: [{ name: "token_embd.weight", type: "Q4_1", shape: [576, 49_152] }],
          capabilities: ["completion"],
          modified_at: modified,
        }),
      },
    },
  },
  copyModel: {
    requests: {
      copy: example("A further name", { source: "smollm2", destination: "smollm2-backup" }),
    },
  },
  deleteModel: {
    requests: { one: example("A model", { model: "my-model" }) },
  },
  pullModel: {
    requests: { usual: example("A model of the default registry", { model: "smollm2:135m" }) },
    replies: progress("A layer", { status: "pulling 29fdb92e57cf", ...fetched }),
  },
  pushModel: {
    requests: {
      usual: example("To a registry of one's own", { model: "localhost:5000/me/smollm2", insecure: true }),
    },
    replies: progress("A layer", { status: "pushing 29fdb92e57cf", ...fetched }),
  },
  isAlive: {
    replies: {
      "200 text/plain": { up: example("Up", "Ollama is running") },
      "200 text/html": { page: example("Its beginning", "<!doctype html>") },
    },
  },
  getVersion: {
    replies: {
      "200 application/json": {
        version: example("A version", { version: "0.40.12", llamero_version: "0.1.0" }),
      },
    },
  },
};
