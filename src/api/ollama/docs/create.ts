import { describeRoute, example } from "../../wire/describe-native.ts";
import { BODY_FAILURES, WRITE_FAILURES } from "../../wire/documented-failures.ts";
import { ProgressReply } from "../model/create.ts";
import { streamReplyOf } from "./describe.ts";

const digest = "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2";

/** POST /api/create (docs/behaviour: api-native §11). */
export const createDocs = describeRoute({
  operationId: "createModel",
  summary: "Create a model",
  description:
    "From an installed model (`from`) or from uploaded blobs (`files`). Streams progress unless `stream` is false. Until the last moment nothing is changed: a request that fails leaves no model behind.",
  tag: "models",
  requests: {
    derived: example("From an installed model, with other settings", {
      model: "my-model",
      from: "smollm2",
      system: "You are a senior DevOps engineer specializing in Kubernetes.",
      parameters: { temperature: 0.3, num_predict: 64 },
    }),
    uploaded: example("From a GGUF that was uploaded as a blob", {
      model: "my-model",
      files: { "model.gguf": digest },
      stream: false,
    }),
  },
  replies: {
    200: streamReplyOf(
      ProgressReply,
      { success: example("Done", { status: "success" }) },
      {
        layer: example("A line of progress", { status: `using existing layer ${digest}` }),
        last: example("The last line", { status: "success" }),
      },
    ),
  },
  failures: {
    400: "neither 'from' or 'files' was specified",
    404: "model 'smollm3' not found",
    499: "request canceled",
    ...BODY_FAILURES,
    ...WRITE_FAILURES,
  },
});
