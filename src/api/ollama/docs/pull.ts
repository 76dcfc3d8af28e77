import { describeRoute, example } from "../../wire/describe-native.ts";
import { BODY_FAILURES, WRITE_FAILURES } from "../../wire/documented-failures.ts";
import { ProgressReply } from "../model/create.ts";
import { streamReplyOf } from "./describe.ts";

const digest = "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2";

/** POST /api/pull (docs/behaviour: api-native §15). */
export const pullDocs = describeRoute({
  operationId: "pullModel",
  summary: "Pull a model",
  description:
    "Fetches a model from a registry, or the rest of one: what was fetched before stays, also when the server was killed. Clients that pull one model share the work; it pauses when the last of them leaves. Failures after the first line are its last line.",
  tag: "models",
  requests: { usual: example("A model of the default registry", { model: "smollm2:135m" }) },
  replies: {
    200: streamReplyOf(
      ProgressReply,
      { success: example("Done", { status: "success" }) },
      {
        layer: example("A layer", {
          status: "pulling 29fdb92e57cf",
          digest,
          total: 98_320_352,
          completed: 1_048_576,
        }),
        last: example("The last line", { status: "success" }),
      },
    ),
  },
  failures: {
    400: "invalid model name",
    401: "unauthorized: access denied",
    403: 'registry "registry.example" is not allowed: add it to OLLAMA_ALLOWED_REGISTRIES on the server',
    404: "pull model manifest: file does not exist",
    499: "request canceled",
    502: "pull model manifest: 412: this model needs a newer version",
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});
