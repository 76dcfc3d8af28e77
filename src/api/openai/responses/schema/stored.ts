import { type Static, Type } from "@sinclair/typebox";
import { literals } from "../../../wire/fields.ts";
import { refusing } from "../../../wire/refusal.ts";

export const ResponsePath = Type.Object({
  id: Type.String({ description: "Id of the response.", example: "resp_x1r6pb0zq8d3m5k7w2a9c4e6" }),
});

export const RetrieveQuery = Type.Object(
  {
    stream: Type.Optional(
      Type.String({ description: "`true`: tell it as a stream of events. Default false.", example: "true" }),
    ),
    starting_after: Type.Optional(
      refusing(
        Type.String({
          pattern: "^[0-9]+$",
          description: "With `stream`: the number of the last event to leave out.",
          example: "4",
        }),
        () => "starting_after must be the sequence_number of an event",
      ),
    ),
  },
  { additionalProperties: true },
);
export type RetrieveQuery = Static<typeof RetrieveQuery>;

export const PageQuery = Type.Object(
  {
    limit: Type.Optional(
      refusing(
        Type.String({
          pattern: "^0*([1-9][0-9]?|100)$",
          description: "How many items, 1 to 100. Default 20.",
          example: "20",
        }),
        () => "limit must be an integer between 1 and 100",
      ),
    ),
    order: Type.Optional(
      refusing(
        Type.Union(literals("asc", "desc"), {
          description: "`asc`, or `desc`, the default: the last one first.",
          example: "asc",
        }),
        () => 'order must be "asc" or "desc"',
      ),
    ),
    after: Type.Optional(
      Type.String({
        description: "The id of the item before the first one.",
        example: "msg_w4c6e0b1zk3v9x1qa7d2m5p8",
      }),
    ),
  },
  { additionalProperties: true },
);
export type PageQuery = Static<typeof PageQuery>;
