import { type TUnion, Type } from "@sinclair/typebox";
import { describeRoute, example } from "../wire/describe-native.ts";
import type { Example, Reply } from "../wire/describe-route.ts";
import { BODY_FAILURES, STORE_FAILURES } from "../wire/documented-failures.ts";
import { ErrorReply } from "../wire/error-reply.ts";
import { ImportReply, VerifyReply } from "./model.ts";

const digest = "sha256:29fdb92e57cf0827ded04ae6461b5931d01fa595843f55d36f5b275a52087dd2";

function linesOf(schema: TUnion, last: Example, lines: Record<string, Example>): Reply {
  return {
    description:
      "A stream, `application/x-ndjson`: each line is one JSON object. With `stream` false the last line alone.",
    content: {
      "application/json": { schema, examples: { last } },
      "application/x-ndjson": {
        schema: Type.Union([...schema.anyOf, ErrorReply], { description: "One line of the stream." }),
        examples: { ...lines, last },
      },
    },
  };
}

const FAILURES = { 499: "request canceled", ...BODY_FAILURES, ...STORE_FAILURES };

export const importDocs = describeRoute({
  operationId: "importStore",
  summary: "Import an Ollama store",
  description:
    "Takes over every model of an Ollama store on the server's machine. The store stays as it is: blobs are hard-linked where the server's user owns them, or else cloned or copied, and hashed. Symbolic links are not followed. A model that cannot be imported is skipped with the reason; so is one whose name another model has, because nothing is overwritten. Only programs on the same machine may ask.",
  tag: "models",
  requests: { ollama: example("The usual place", { path: "/usr/share/ollama/.ollama/models" }) },
  replies: {
    200: linesOf(
      ImportReply,
      example("The last line", { status: "done", imported: 1, already_there: 0, skipped: 1 }),
      {
        imported: example("A model that was imported", { status: "imported", model: "smollm2:latest" }),
        skipped: example("A model that was skipped", {
          status: "skipped",
          model: "llama3.2:latest",
          reason: `blob "${digest}" is missing`,
        }),
      },
    ),
  },
  failures: {
    400: '"/home/me/models" is no Ollama store: there is no directory "manifests" in it',
    403: "import reads the server's own files: run it on the server's machine",
    ...FAILURES,
  },
});

export const verifyDocs = describeRoute({
  operationId: "verifyBlobs",
  summary: "Verify all blobs",
  description:
    "Hashes every blob. The file of a bad one is moved to `quarantine` beside `blobs`, and the models that need it are named; they cannot run until they are created, pulled or imported again. With `rebuild` the books are made anew first from the manifests and blobs, as far as that is needed.",
  tag: "blobs",
  requests: { all: example("Every blob", {}), rebuild: example("And the books anew", { rebuild: true }) },
  replies: {
    200: linesOf(VerifyReply, example("The last line", { status: "done", verified: 7, bad: 1 }), {
      verified: example("A good blob", { status: "verified", digest, size: 98_320_352 }),
      bad: example("A bad blob", {
        status: "bad",
        digest,
        reason: "its content has another digest",
        models: ["smollm2:latest"],
        quarantined: true,
      }),
    }),
  },
  failures: { 400: "missing request body", ...FAILURES },
});
