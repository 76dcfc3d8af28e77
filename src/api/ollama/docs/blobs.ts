import { describeRoute } from "../../wire/describe-native.ts";
import { STORE_FAILURES, WRITE_FAILURES } from "../../wire/documented-failures.ts";

/** HEAD /api/blobs/:digest (docs/behaviour: api-native §14). */
export const findBlobDocs = describeRoute({
  operationId: "findBlob",
  summary: "Is a blob there?",
  description: "Whether the server has this content, so that it need not be uploaded.",
  tag: "blobs",
  replies: { 200: { description: "It is there." } },
  failures: { 400: "invalid digest format", 404: "not found", ...STORE_FAILURES },
});

/** POST /api/blobs/:digest (docs/behaviour: api-native §14). */
export const uploadBlobDocs = {
  ...describeRoute({
    operationId: "uploadBlob",
    summary: "Upload a blob",
    description:
      "Stores a file that a model is to be created from. Its content is checked against the digest; content with another one is not kept. There is no limit on its size. A blob that no model has come to use within an hour may be removed.",
    tag: "blobs",
    replies: {
      200: { description: "It was there already; the body was not read. The reply is empty." },
      201: { description: "It is stored. The reply is empty." },
    },
    failures: {
      400: "invalid digest format",
      499: "request canceled",
      ...WRITE_FAILURES,
    },
  }),
  requestBody: {
    required: true,
    description: "The content, byte for byte.",
    content: {
      "application/octet-stream": { schema: { type: "string" as const, format: "binary" } },
    },
  },
};
