import { describeRoute, example } from "../../wire/describe-native.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../../wire/documented-failures.ts";
import { ProgressReply } from "../model/create.ts";
import { streamReplyOf } from "./describe.ts";

const digest = "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2";

/** POST /api/push (docs/behaviour: api-native §16). */
export const pushDocs = describeRoute({
  operationId: "pushModel",
  summary: "Push a model",
  description:
    "Sends an installed model to the registry that its name names. What the registry has is not sent again, also after the server was killed in the middle. Clients that push one model share the work; it stops when the last of them leaves. Registries know this server by the key in `~/.llamero/id_ed25519.pub`, or by `username` and `password`. Failures after the first line are its last line.",
  tag: "models",
  requests: {
    usual: example("To a registry of one's own", { model: "localhost:5000/me/smollm2", insecure: true }),
  },
  replies: {
    200: streamReplyOf(
      ProgressReply,
      { success: example("Done", { status: "success" }) },
      {
        layer: example("A layer", {
          status: "pushing 29fdb92e57cf",
          digest,
          total: 98_320_352,
          completed: 1_048_576,
        }),
        last: example("The last line", { status: "success" }),
      },
    ),
  },
  failures: {
    400: "model is required",
    401: "unauthorized: access denied",
    403: 'registry "registry.example" is not allowed: add it to OLLAMA_ALLOWED_REGISTRIES on the server',
    404: "model 'smollm2:latest' not found",
    499: "request canceled",
    502: "max retries exceeded: push blob: 503",
    ...BODY_FAILURES,
    ...STORE_FAILURES,
  },
});
