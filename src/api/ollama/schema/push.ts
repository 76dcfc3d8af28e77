import type { Static } from "@sinclair/typebox";
import { request, text } from "../../wire/fields.ts";
import { name } from "./fields.ts";
import { transferFields } from "./pull.ts";

export const PushRequest = request(
  "PushRequest",
  "Which model to push, and how.",
  {
    model: text(
      "Name of an installed model, which says where it goes: `[host/][namespace/]model[:tag]`. Give it that name with `POST /api/copy`.",
    ),
    name,
    ...transferFields,
  },
  ["model"],
);
export type PushRequest = Static<typeof PushRequest>;
