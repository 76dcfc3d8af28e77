import type { Static } from "@sinclair/typebox";
import { flag, progressStream, request, text } from "../../wire/fields.ts";
import { name } from "./fields.ts";

/** Fields of both pulls and pushes: how to talk to the registry, and how to report progress. */
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
