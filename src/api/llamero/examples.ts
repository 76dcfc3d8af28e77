import { type ExampleBook, example } from "../wire/examples.ts";

const blob = "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2";
const manifest = "4b2f1c6b6dbd5b2c4ea85d2f14d1e3ee4e0ea32cfa6a7c1f3e2f3a0d7b4f9a51";
const laptop = {
  id: "k3v9x2ab",
  name: "laptop",
  source: "books",
  state: "valid",
  scopes: ["infer"],
  created_at: "2026-01-02T03:04:05Z",
  expires_at: "2027-01-01T00:00:00Z",
  tokens_per_day: 100_000,
};
const model = "smollm2";
const twoSettings = example("Two settings", { model: "smollm2:latest", num_ctx: 8192, pinned: true });
const durations = { total_duration: 1_143_917, load_duration: 19_500 };

/** Examples of what only llamero has. */
export const llameroExamples: ExampleBook = {
  importStore: {
    requests: { ollama: example("The usual place", { path: "/usr/share/ollama/.ollama/models" }) },
    replies: {
      "200 application/json": {
        last: example("The last line", { status: "done", imported: 1, already_there: 0, skipped: 1 }),
      },
      "200 application/x-ndjson": {
        imported: example("A model that was imported", { status: "imported", model: "smollm2:latest" }),
        skipped: example("A model that was skipped", {
          status: "skipped",
          model: "llama3.2:latest",
          reason: `blob "${blob}" is missing`,
        }),
        last: example("The last line", { status: "done", imported: 1, already_there: 0, skipped: 1 }),
      },
    },
  },
  verifyBlobs: {
    requests: { all: example("Every blob", {}), rebuild: example("And the books anew", { rebuild: true }) },
    replies: {
      "200 application/json": { last: example("The last line", { status: "done", verified: 7, bad: 1 }) },
      "200 application/x-ndjson": {
        verified: example("A good blob", { status: "verified", digest: blob, size: 98_320_352 }),
        bad: example("A bad blob", {
          status: "bad",
          digest: blob,
          reason: "its content has another digest",
          models: ["smollm2:latest"],
          quarantined: true,
        }),
        last: example("The last line", { status: "done", verified: 7, bad: 1 }),
      },
    },
  },
  createApiKey: {
    requests: {
      laptop: example("A key with a limit", { name: "laptop", tokens_per_day: 100_000 }),
      admin: example("A key for everything", { name: "ada", scopes: ["admin"] }),
    },
    replies: {
      "200 application/json": {
        laptop: example("The key", {
          ...laptop,
          key: "llamero-k3v9x2ab-4uX0cH4mV5m9a1qUqzUoYk2l8f7Xw3nP6rT5sB0eD9c",
        }),
      },
    },
  },
  listApiKeys: {
    replies: {
      "200 application/json": {
        one: example("One key", { required: true, keys: [laptop] }),
      },
    },
  },
  revokeApiKey: {
    replies: {
      "200 application/json": {
        revoked: example("The key", { ...laptop, state: "revoked", revoked_at: "2026-02-03T04:05:06Z" }),
      },
    },
  },
  listPulls: {
    replies: {
      "200 application/json": {
        one: {
          summary: "One that runs",
          value: {
            pulls: [
              {
                id: 1,
                model: "smollm2:135m",
                state: "running",
                total: 98_320_352,
                completed: 49_160_176,
                rate: 10_000_000,
                seconds_left: 5,
                started_at: "2026-01-02T03:04:05Z",
                updated_at: "2026-01-02T03:04:05Z",
              },
            ],
          },
        },
      },
    },
  },
  removePull: {},
  listOutdatedModels: {
    replies: {
      "200 application/json": {
        one: {
          summary: "One model",
          value: {
            models: [{ name: "smollm2:135m", state: "current", local: manifest, remote: manifest }],
          },
        },
      },
    },
  },
  pruneBlobs: {
    requests: { look: { summary: "What would be removed", value: { dry_run: true } } },
    replies: {
      "200 application/json": {
        one: {
          summary: "A partial file",
          value: {
            dry_run: true,
            files: [{ digest: `sha256:${manifest}`, kind: "partial", size: 49_160_176 }],
            bytes: 49_160_176,
          },
        },
      },
    },
  },
  tokenize: {
    requests: {
      text: { summary: "A text", value: { model, text: "Why is the sky blue?" } },
      pieces: {
        summary: "With the text of each token",
        value: { model, text: "sky blue", with_pieces: true },
      },
    },
    replies: {
      "200 application/json": {
        text: { summary: "Tokens", value: { model, tokens: [4898, 314, 260, 6376, 4461, 47], ...durations } },
        pieces: {
          summary: "Tokens and what they stand for",
          value: {
            model,
            tokens: [
              { id: 16726, piece: "sky" },
              { id: 4461, piece: " blue" },
            ],
            ...durations,
          },
        },
      },
    },
  },
  detokenize: {
    requests: { tokens: { summary: "Tokens", value: { model, tokens: [34, 32, 34, 38] } } },
    replies: {
      "200 application/json": {
        text: { summary: "A text", value: { model, text: "2026", ...durations } },
      },
    },
  },
  usage: {
    replies: {
      "200 application/json": {
        models: {
          summary: "By model",
          value: {
            from: "2026-11-29T00:00:00.000Z",
            to: "2026-11-30T00:00:00.000Z",
            bucket: "hour",
            usage: [
              {
                start: "2026-11-29T08:00:00.000Z",
                model: "smollm2:latest",
                requests: 12,
                errors: 1,
                prompt_tokens: 3480,
                cached_tokens: 2610,
                output_tokens: 905,
                first_tokens: 11,
                first_token_ms: 1320,
                first_token_max_ms: 540,
                duration_ms: 18_200,
              },
            ],
          },
        },
      },
    },
  },
  setModelSettings: {
    requests: {
      change: example("Keep a model loaded, with a longer context", { model, pinned: true, num_ctx: 8192 }),
    },
    replies: {
      "200 application/json": {
        settings: twoSettings,
      },
    },
  },
  readModelSettings: { replies: { "200 application/json": { settings: twoSettings } } },
  listQueue: {
    replies: {
      "200 application/json": {
        queue: example("Two requests", {
          queued: [
            {
              position: 1,
              model: "smollm2:latest",
              waits_for: "slot",
              waiting_ms: 1204,
              batch: false,
              yours: true,
            },
            {
              position: 2,
              model: "all-minilm:latest",
              waits_for: "load",
              waiting_ms: 380,
              batch: true,
              yours: false,
            },
          ],
        }),
      },
    },
  },
  isHealthy: { replies: { "200 text/plain": { line: example("The line", "ok") } } },
  isReady: {
    replies: {
      "200 text/plain": { line: example("The line", "ok") },
      "503 text/plain": { line: example("The line", "stopping") },
    },
  },
  metrics: {
    replies: {
      "200 text/plain": {
        line: example(
          "The line",
          '# TYPE llamero_requests_total counter\nllamero_requests_total{route="/api/chat"} 7',
        ),
      },
    },
  },
};
