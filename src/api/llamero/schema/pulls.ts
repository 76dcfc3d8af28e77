import { Type } from "@sinclair/typebox";
import { flag, oneOf, request } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";
import { bytes, count, moment, reply, replyText } from "../../wire/reply-fields.ts";

const Pull = reply("Pull", "A pull, also one that has ended.", {
  id: count("Number of the pull."),
  model: replyText("Name of the model."),
  state: oneOf(
    ["running", "paused", "failed", "done"],
    "`paused`: interrupted; it goes on when the model is pulled again.",
  ),
  total: bytes("Size of all layers; 0 while the manifest is not there"),
  completed: bytes("How much of it is there"),
  rate: bytes("How much comes in a second"),
  seconds_left: Type.Optional(count("Seconds until it is done at this rate.")),
  error: Type.Optional(replyText("Why it has failed or paused.")),
  started_at: moment("When it was first asked for"),
  updated_at: moment("When it last began or ended"),
});

export const PullPath = Type.Object({
  id: refusing(
    Type.String({ pattern: "^[0-9]{1,15}$", description: "Number of the pull.", example: "1" }),
    () => "the id of a pull is a whole number",
  ),
});

export const PullsReply = reply("PullsResponse", "The pulls.", {
  pulls: Type.Array(Pull, { description: "Latest first." }),
});

export const PruneRequest = request(
  "PruneRequest",
  "Whether to remove anything.",
  {
    dry_run: flag("Only tell what would be removed. Default true."),
    cache: flag("The prompts that are kept on disk, instead of what nothing needs. Default false."),
  },
  [],
);

const PrunedFile = reply("PrunedFile", "A file that nothing needs.", {
  digest: replyText("Digest of the blob."),
  kind: oneOf(
    ["partial", "blob", "derived", "prompts"],
    "`partial`: left by an interrupted pull. `blob`: no model names it. `derived`: was made of such a blob. `prompts`: evaluated prompts of the model with these weights.",
  ),
  size: bytes("What its removal frees"),
});

export const PruneReply = reply("PruneResponse", "What nothing needs.", {
  dry_run: Type.Boolean({ description: "Nothing has been removed." }),
  files: Type.Array(PrunedFile, { description: "The files." }),
  bytes: bytes("What their removal frees"),
});

const Freshness = reply("Freshness", "An installed model, compared with its registry's.", {
  name: replyText("Name of the model."),
  state: oneOf(
    ["current", "outdated", "unknown"],
    "`outdated`: the registry has another manifest. `unknown`: it could not be asked.",
  ),
  local: replyText("SHA-256 of the installed manifest, in hex."),
  remote: Type.Optional(replyText("SHA-256 of the registry's manifest, in hex.")),
  reason: Type.Optional(replyText("Why nothing is known.")),
});

export const OutdatedReply = reply("OutdatedResponse", "The installed models.", {
  models: Type.Array(Freshness, { description: "Newest first." }),
});
