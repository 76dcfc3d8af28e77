import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isRecord } from "../../../lib/is-record.ts";
import { nullable } from "../../wire/fields.ts";
import { refusing } from "../../wire/refusal.ts";

const text = (description: string) => Type.String({ description });
const optionalText = (description: string) => Type.Optional(nullable(text(description)));

const ImageUrl = Type.Object(
  {
    url: text("A data URL, or the URL of a host that the server fetches images from."),
    detail: optionalText("Not looked at."),
  },
  { title: "ChatImageUrl", description: "Where an image is." },
);

/** A sound in a request, in every dialect of OpenAI's. */
export const InputAudio = Type.Object(
  {
    data: text("The file, a WAV, in base64."),
    format: optionalText("Not looked at: the file tells what it is."),
  },
  { title: "InputAudio", description: "The sound." },
);

const ContentPart = Type.Union(
  [
    Type.Object(
      { type: Type.Literal("text", { description: "`text`." }), text: text("The text.") },
      { title: "ChatTextPart", description: "A text." },
    ),
    Type.Object(
      { type: Type.Literal("refusal", { description: "`refusal`." }), refusal: text("The text.") },
      { title: "ChatRefusalPart", description: "A refusal, which is read as a text." },
    ),
    Type.Object(
      {
        type: Type.Literal("image_url", { description: "`image_url`." }),
        image_url: Type.Union([text("A data URL, or another as `url`."), ImageUrl], {
          description: "The image.",
        }),
      },
      { title: "ChatImagePart", description: "An image, as a data URL." },
    ),
    Type.Object(
      { type: Type.Literal("input_audio", { description: "`input_audio`." }), input_audio: InputAudio },
      { title: "ChatAudioPart", description: "A sound." },
    ),
  ],
  { description: "A part." },
);
export type ContentPart = Static<typeof ContentPart>;

/** Go's name for the type of a JSON value that cannot be a content. */
function goType(value: unknown): string {
  if (typeof value === "number") return "float64";
  return typeof value === "boolean" ? "bool" : "map[string]interface {}";
}

/** The refusal of an invalid content; it names the content as a whole (docs/behaviour: api-openai §3.2). */
function invalidContent(content: unknown): string {
  if (!Array.isArray(content)) return `invalid message content type: ${goType(content)}`;
  const wrong: unknown = content.find((part) => !Value.Check(ContentPart, part));
  return isRecord(wrong) && wrong.type === "input_audio" ? "invalid input_audio" : "invalid message format";
}

/** The content of a message. */
export const Content = refusing(
  Type.Union([Type.String(), Type.Array(ContentPart)], {
    description:
      "The text, or parts of it. Images and sounds are for models that see or hear; others refuse them.",
  }),
  invalidContent,
);
export type Content = Static<typeof Content>;
