import { type Static, Type } from "@sinclair/typebox";
import { type Refusal, refusing } from "../../wire/refusal.ts";

export const Tokens = Type.Array(Type.Integer({ description: "A token." }), {
  minItems: 1,
  description: "A text as tokens.",
});

/** OpenAI's four ways to say texts: a text, its tokens, or a list of either. */
export const textsOrTokens = (description: string, refusal: Refusal) =>
  refusing(
    Type.Union(
      [
        Type.String(),
        Tokens,
        Type.Array(Type.Union([Type.String(), Tokens], { description: "A text." }), { minItems: 1 }),
      ],
      { description },
    ),
    refusal,
  );
export type TextsOrTokens = Static<ReturnType<typeof textsOrTokens>>;
