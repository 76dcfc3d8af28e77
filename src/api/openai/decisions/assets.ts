import type { Message } from "../../../intent/message.ts";
import { checkBase64 } from "../../wire/base64.ts";
import { messageContent } from "../../wire/message-parts.ts";
import { RequestError } from "../request-error.ts";
import type { SystemOneRequest } from "./schema/systemone.ts";

type Assets = NonNullable<SystemOneRequest["assets"]>;

function fileOf({ data_base64 }: Assets[string], param: string): string {
  if (typeof data_base64 !== "string") throw new RequestError(param, `${param} has no data_base64`);
  return checkBase64(data_base64);
}

/**
 * A text with images in it where it has their names, every time it has them.
 * @throws RequestError for a name that is not in the text: in a question it would be read as a text.
 */
export function withAssets(
  text: string,
  assets: Assets,
): Pick<Message, "content" | "images" | "imagePlaces"> {
  const names = Object.keys(assets);
  if (names.length === 0) return { content: text };
  const missing = names.find((name) => name === "" || !text.includes(name));
  if (missing !== undefined)
    throw new RequestError(
      `assets.${missing}`,
      `assets.${missing} is not named in state, which is the one place for images`,
    );
  // A longer name first: it may begin with a shorter one.
  const escaped = names.toSorted((a, b) => b.length - a.length).map((name) => RegExp.escape(name));
  const parts = text.split(new RegExp(`(${escaped.join("|")})`, "g"));
  return messageContent(
    parts.map((part, at) =>
      at % 2 === 0 ? { text: part } : { image: fileOf(assets[part]!, `assets.${part}`) },
    ),
    "",
  );
}
