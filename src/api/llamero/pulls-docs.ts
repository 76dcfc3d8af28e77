import { describeRoute } from "../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { OutdatedReply, PruneReply, PullsReply } from "./pulls-model.ts";

const manifest = "4b2f1c6b6dbd5b2c4ea85d2f14d1e3ee4e0ea32cfa6a7c1f3e2f3a0d7b4f9a51";

export const pullsDocs = describeRoute({
  operationId: "listPulls",
  summary: "List pulls",
  description: "Pulls that run, that were interrupted, and the last ones that have ended.",
  tag: "models",
  replies: {
    200: {
      description: "The pulls.",
      content: {
        "application/json": {
          schema: PullsReply,
          examples: {
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
    },
  },
  failures: STORE_FAILURES,
});

export const removePullDocs = describeRoute({
  operationId: "removePull",
  summary: "Remove a pull",
  description:
    "Stops it if it is running, forgets it, and deletes what only it had fetched. An installed model stays.",
  tag: "models",
  replies: { 200: { description: "It is gone." } },
  failures: { 400: "the id of a pull is a whole number", 404: "there is no pull 7", ...STORE_FAILURES },
});

export const outdatedDocs = describeRoute({
  operationId: "listOutdatedModels",
  summary: "Compare models with their registries",
  description: "Asks the registry of every installed model for its manifest, and fetches nothing else.",
  tag: "models",
  replies: {
    200: {
      description: "The models.",
      content: {
        "application/json": {
          schema: OutdatedReply,
          examples: {
            one: {
              summary: "One model",
              value: {
                models: [{ name: "smollm2:135m", state: "current", local: manifest, remote: manifest }],
              },
            },
          },
        },
      },
    },
  },
  failures: STORE_FAILURES,
});

export const pruneDocs = describeRoute({
  operationId: "pruneBlobs",
  summary: "Remove what nothing needs",
  description:
    "What interrupted pulls have left, and blobs that no model names. Pulls that run and uploads of the last hour are left alone. With `cache`, the evaluated prompts that are kept on disk instead, which cost time when they are missed and nothing else. Nothing is removed unless `dry_run` is false.",
  tag: "blobs",
  requests: { look: { summary: "What would be removed", value: { dry_run: true } } },
  replies: {
    200: {
      description: "The files.",
      content: {
        "application/json": {
          schema: PruneReply,
          examples: {
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
    },
  },
  failures: { 400: "missing request body", ...BODY_FAILURES, ...STORE_FAILURES },
});
