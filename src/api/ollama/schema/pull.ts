import type { Static } from "@sinclair/typebox";
import { flag, progressStream, request, text } from "../../wire/fields.ts";
import { name } from "./fields.ts";

/** What pulls and pushes have in common: how the registry is spoken to, and what the client is told. */
export const transferFields = {
  insecure: flag("Talk http to the registry. Default false."),
  username: text("For registries that ask for a password."),
  password: text("Goes with `username`."),
  stream: progressStream,
};

export const PullRequest = request(
  "PullRequest",
  "Which model to pull, and how.",
  {
    model: text(
      "Name of a model of a registry, `[host/][namespace/]model[:tag]`; `hf.co/user/repository[:quantization]` too.",
    ),
    name,
    ...transferFields,
  },
  ["model"],
);
export type PullRequest = Static<typeof PullRequest>;
