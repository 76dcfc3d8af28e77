import { type Static, type TProperties, Type } from "@sinclair/typebox";
import { flag, progressStream, request, text } from "../../wire/fields.ts";
import { count, replyText } from "../../wire/reply-fields.ts";

export const ImportRequest = request(
  "ImportRequest",
  "An Ollama store on the server's machine.",
  {
    path: text("Absolute path of the directory that has `manifests` and `blobs` in it."),
    trust: flag(
      "Do not hash blobs that the server's user owns and that are shared by a link. Default false: everything is hashed.",
    ),
    stream: progressStream,
  },
  ["path"],
);
export type ImportRequest = Static<typeof ImportRequest>;

export const VerifyRequest = request(
  "VerifyRequest",
  "Every blob is checked.",
  {
    rebuild: flag(
      "First take up the models whose manifests lie beside the blobs and are not in the books, and read every model's files again. Default false.",
    ),
    stream: progressStream,
  },
  [],
);
export type VerifyRequest = Static<typeof VerifyRequest>;

const model = replyText("Name of the model; for a file that is no manifest, its place below `manifests`.");
const digest = replyText("Digest of the blob.");
const progress = { completed: count("Bytes done."), total: count("Size of the blob in bytes.") };

/** One kind of line, told by its status. */
const line = <S extends string, T extends TProperties>(
  title: string,
  status: S,
  description: string,
  fields: T,
) => Type.Object({ status: Type.Literal(status, { description }), ...fields }, { title, description });

export const ImportReply = Type.Union([
  line("ImportProgress", "importing", "A blob is being hashed or copied.", { model, digest, ...progress }),
  line("Imported", "imported", "The model is installed.", { model }),
  line("AlreadyThere", "already there", "The model was installed already, with the same manifest.", {
    model,
  }),
  line("Skipped", "skipped", "The model cannot be imported.", { model, reason: replyText("Why.") }),
  line("ImportSummary", "done", "The last line.", {
    imported: count("Models that were imported."),
    already_there: count("Models that were there already."),
    skipped: count("Models that were skipped."),
  }),
]);
export type ImportReply = Static<typeof ImportReply>;

export const VerifyReply = Type.Union([
  line("RestoredModel", "restored", "The model was made anew from its manifest.", { model }),
  line("UnrestoredModel", "skipped", "The model could not be made anew, or its files not be read.", {
    model,
    reason: text("Why."),
  }),
  line("VerifyProgress", "verifying", "A blob is being hashed.", { digest, ...progress }),
  line("VerifiedBlob", "verified", "The blob is what its digest says.", { digest, size: count("Bytes.") }),
  line("BadBlob", "bad", "The blob is not what its digest says.", {
    digest,
    reason: replyText("What is wrong with it."),
    models: Type.Array(replyText("Name of a model."), {
      description:
        "Models that need the blob. They cannot run until they are created, pulled or imported again.",
    }),
    quarantined: Type.Boolean({ description: "The file has been moved to `quarantine` beside `blobs`." }),
  }),
  line("VerifySummary", "done", "The last line.", {
    verified: count("Good blobs."),
    bad: count("Bad blobs."),
  }),
]);
export type VerifyReply = Static<typeof VerifyReply>;
