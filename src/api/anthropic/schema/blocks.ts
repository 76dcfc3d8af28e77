import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { isRecord } from "../../../lib/is-record.ts";
import { BASE64_FORMAT, corruptBase64, corruptBase64At } from "../../wire/base64.ts";
import { jsonObject, nullable } from "../../wire/fields.ts";
import { dotted, type Path, type Refusal, refusing } from "../../wire/refusal.ts";
import { block } from "./block.ts";
import { HostedBlock, isHostedType } from "./hosted-block.ts";
import { isToolChange, ToolAddition, ToolRemoval } from "./tool-change.ts";

const mustBeText: Refusal = (_, path) => `${dotted(path)}: must be a string`;
const text = (description: string) => refusing(Type.String({ description }), mustBeText);
const optionalText = (description: string) => Type.Optional(nullable(text(description)));

/** The refusal of a value that is neither a text nor a list of blocks. */
export const textOrBlocks: Refusal = (value, path) =>
  typeof value === "string" || Array.isArray(value)
    ? undefined
    : `${dotted(path)}: must be a string or an array of content blocks`;

const unsupported = (type: string, path: Path): string =>
  `${dotted(path)}: blocks of type ${JSON.stringify(type)} are not supported`;

/** The refusal of a block of a type that may not stand at this place. */
function unknownBlock(value: unknown, path: Path): string {
  if (!isRecord(value)) return `${dotted(path)}: a content block must be an object`;
  if (typeof value.type !== "string") return `${dotted(path)}: a content block needs a type`;
  return unsupported(value.type, path);
}

/** The refusal of a value that is no block of one of these types. */
const onlyTypes =
  (...types: string[]): Refusal =>
  (value, path) =>
    isRecord(value) && types.some((type) => type === value.type) ? undefined : unknownBlock(value, path);

const citations = Type.Optional(
  nullable(Type.Array(jsonObject("A citation."), { description: "Accepted, and not shown to the model." })),
);

const textBlock = <T extends TSchema>(text: T) =>
  block("AnthropicTextBlockParam", "text", "A text.", { text, citations });

export const TextBlock = textBlock(text("The text."));

/** A block of text where no other may stand. The refusal of another type names the list and not the place in it. */
const OnlyTextBlock = refusing(textBlock(Type.String({ description: "The text." })), (value, path) => {
  if (!isRecord(value) || typeof value.type !== "string") return unknownBlock(value, path);
  if (value.type !== "text") return unsupported(value.type, path.slice(0, -1));
  return typeof value.text === "string" ? undefined : `${dotted(path)}.text: must be a string`;
});

/** A text, or blocks of text. */
export const plainTextField = (description: string) =>
  refusing(Type.Union([Type.String(), Type.Array(OnlyTextBlock)], { description }), textOrBlocks);

const isInResult = (path: Path): boolean => path.filter((name) => name === "content").length > 1;

const isUrl = ({ type, url }: Record<string, unknown>): boolean =>
  type === "url" && typeof url === "string" && /^https?:\/\//i.test(url);

const invalidImage: Refusal = (source, path) =>
  isRecord(source) && source.type !== "base64" && !isUrl(source)
    ? `invalid image source type: ${String(source.type)}. Only base64 images are supported.`
    : isInResult(path)
      ? "invalid tool_result image source"
      : "invalid image source";

const Base64Source = Type.Object(
  {
    type: Type.Literal("base64", { description: "`base64`." }),
    media_type: optionalText("Not looked at: images tell what they are."),
    data: refusing(
      Type.String({ description: "The image as standard base64 with padding.", format: BASE64_FORMAT }),
      (data) =>
        typeof data === "string"
          ? `invalid base64 image data: ${corruptBase64(corruptBase64At(data) ?? 0)}`
          : undefined,
    ),
  },
  { title: "AnthropicImageSource", description: "An image in the request." },
);

const UrlSource = Type.Object(
  {
    type: Type.Literal("url", { description: "`url`." }),
    url: Type.String({ description: "Where the image is.", pattern: "^[Hh][Tt][Tt][Pp][Ss]?://" }),
  },
  {
    title: "AnthropicImageUrl",
    description: "An image that the server fetches, from the hosts in OLLAMA_IMAGE_URLS.",
  },
);

const ImageSource = refusing(
  Type.Union([Base64Source, UrlSource], { description: "Where the image is." }),
  invalidImage,
);

const ImageBlock = block("AnthropicImageBlockParam", "image", "An image.", { source: ImageSource });

const Citations = Type.Object(
  { enabled: Type.Optional(Type.Boolean({ description: "True is refused." })) },
  { title: "AnthropicCitations", description: "Whether the model is to cite. It does not by position." },
);

const DocumentSource = refusing(
  Type.Union(
    [
      Type.Object(
        {
          type: Type.Literal("text", { description: "`text`." }),
          media_type: Type.Optional(nullable(Type.String({ description: "`text/plain`." }))),
          data: Type.String({ description: "The text." }),
        },
        { title: "AnthropicTextSource", description: "A text." },
      ),
      Type.Object(
        {
          type: Type.Literal("content", { description: "`content`." }),
          content: plainTextField("A text, or blocks of type `text`."),
        },
        { title: "AnthropicContentSource", description: "Blocks of text." },
      ),
    ],
    { description: "Where the text is." },
  ),
  (_, path) =>
    `${dotted(path)}: must be of type "text" or "content"; PDF, URL and file documents are not supported`,
);

const DocumentBlock = block("AnthropicDocumentBlock", "document", "A document of text.", {
  source: DocumentSource,
  title: optionalText("Its title."),
  context: optionalText("Where it comes from."),
  citations: Type.Optional(nullable(Citations)),
});

const SearchResultBlock = block("AnthropicSearchResultBlock", "search_result", "What a search has found.", {
  title: text("Its title."),
  source: text("Where it comes from."),
  content: plainTextField("Its text, or blocks of type `text`."),
  citations: Type.Optional(nullable(Citations)),
});

/** A result of a client's own tool search: a tool that it has found. Here the model sees all tools from the start. */
const ToolReferenceBlock = block("AnthropicToolReferenceBlock", "tool_reference", "A tool that was found.", {
  tool_name: text("Name of the tool; the model is shown it."),
});

const CompactionBlock = block("AnthropicCompactionBlock", "compaction", "What was said before, in short.", {
  content: optionalText("The summary, which is read as a text."),
});

const ResultContent = refusing(
  Type.Union(
    [
      Type.String(),
      Type.Array(
        refusing(
          Type.Union(
            [TextBlock, ImageBlock, DocumentBlock, SearchResultBlock, ToolReferenceBlock, HostedBlock],
            { description: "A block." },
          ),
          onlyTypes("text", "image", "document", "search_result", "tool_reference"),
        ),
      ),
    ],
    {
      description:
        "The result: a text, or blocks of type `text`, `image`, `document`, `search_result` and `tool_reference`.",
    },
  ),
  textOrBlocks,
);

const ToolResultBlock = block("AnthropicToolResultBlock", "tool_result", "What came of a call.", {
  tool_use_id: text("The id of the call."),
  content: Type.Optional(nullable(ResultContent)),
  is_error: Type.Optional(nullable(Type.Boolean({ description: "Has the call failed?" }))),
});

const required = (field: string, description: string) =>
  refusing(
    Type.String({ minLength: 1, description }),
    () => `tool_use block missing required '${field}' field`,
  );

const ToolUseBlock = block("AnthropicToolUseBlockParam", "tool_use", "A call that the model made.", {
  id: required("id", "The call's id; a `tool_result` refers to it."),
  name: required("name", "Name of the tool."),
  input: refusing(jsonObject("What it was called with."), (_, path) => `${dotted(path)}: must be an object`),
});

const ThinkingBlock = block("AnthropicThinkingBlockParam", "thinking", "What the model thought.", {
  thinking: text("The thoughts; empty where only the signature has them."),
  signature: optionalText("As it was sent."),
});

const RedactedBlock = block(
  "AnthropicRedactedThinkingBlock",
  "redacted_thinking",
  "Thoughts of another server, which cannot be read.",
  { data: optionalText("The thoughts, sealed.") },
);

const OwnBlock = Type.Union([
  TextBlock,
  ImageBlock,
  DocumentBlock,
  SearchResultBlock,
  ToolResultBlock,
  ToolUseBlock,
  ThinkingBlock,
  RedactedBlock,
  ToolReferenceBlock,
  CompactionBlock,
]);

/** Any block of a conversation. Which of them may stand in a message depends on its role. */
export const WireBlock = refusing(
  Type.Union([...OwnBlock.anyOf, ToolAddition, ToolRemoval, HostedBlock], { description: "A block." }),
  onlyTypes(
    ...["text", "image", "document", "search_result", "tool_result", "tool_reference"],
    ...["tool_use", "thinking", "redacted_thinking", "compaction", "tool_addition", "tool_removal"],
  ),
);
export type WireBlock = Static<typeof WireBlock>;

/** A block that this server understands. */
export type Block = Static<typeof OwnBlock>;

export const isOwnBlock = (block: WireBlock): block is Block =>
  !isHostedType(block.type) && !isToolChange(block);
export type TextBlock = Static<typeof TextBlock>;
export type DocumentBlock = Static<typeof DocumentBlock>;
export type SearchResultBlock = Static<typeof SearchResultBlock>;
export type ToolResultBlock = Static<typeof ToolResultBlock>;
export type ThinkingBlock = Static<typeof ThinkingBlock>;
export type ToolReferenceBlock = Static<typeof ToolReferenceBlock>;
