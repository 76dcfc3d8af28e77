import { type TSchema, Type } from "@sinclair/typebox";
import { nullable } from "../../wire/fields.ts";
import { dotted, refusing } from "../../wire/refusal.ts";

const optionalText = (description: string) =>
  Type.Optional(
    nullable(refusing(Type.String({ description }), (_, path) => `${dotted(path)}: must be a string`)),
  );

export const CacheControl = Type.Object(
  {
    type: optionalText("`ephemeral`."),
    ttl: optionalText("Nothing depends on it: what is cached stays while there is room."),
  },
  { title: "AnthropicCacheControl", description: "Accepted: prompts are cached by their content." },
);

/** A block of one type. */
export const block = <T extends string, P extends Record<string, TSchema>>(
  title: string,
  type: T,
  description: string,
  properties: P,
) =>
  Type.Object(
    {
      type: Type.Literal(type, { description: `\`${type}\`.` }),
      ...properties,
      cache_control: Type.Optional(nullable(CacheControl)),
    },
    { title, description },
  );
