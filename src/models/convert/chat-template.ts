import { ggufString, ggufStrings } from "../gguf/value.ts";
import type { Metadata } from "./architecture.ts";
import { type ModelFolder, readJson, readTextFile } from "./folder.ts";
import { type JsonFile, optionalString } from "./json.ts";
import { asRecords } from "./vocabulary.ts";

/**
 * The model's Jinja templates: `chat_template` of tokenizer_config.json, else chat_template.jinja, else chat_template.json. A list of
 * named ones keeps their names; llamero uses the one called `default`.
 */
export async function chatTemplate(folder: ModelFolder, settings: JsonFile | undefined): Promise<Metadata> {
  const stated = settings?.fields.chat_template;
  const template =
    stated ??
    (await readTextFile(folder, "chat_template.jinja")) ??
    (await readJson(folder, "chat_template.json"))?.fields.chat_template;
  if (typeof template === "string") return [["tokenizer.chat_template", ggufString(template)]];
  const named = asRecords(template).flatMap((choice) => {
    const name = optionalString(choice, "name")?.replace(/[^A-Za-z0-9]/g, "_");
    const content = optionalString(choice, "template");
    return name === undefined || content === undefined ? [] : [{ name, content }];
  });
  const others = named.filter(({ name }) => name !== "default");
  return [
    ...others.map(({ name, content }) => [`tokenizer.chat_template.${name}`, ggufString(content)] as const),
    ...(others.length > 0
      ? [["tokenizer.chat_templates", ggufStrings(others.map(({ name }) => name))] as const]
      : []),
    ...named
      .filter(({ name }) => name === "default")
      .map(({ content }) => ["tokenizer.chat_template", ggufString(content)] as const),
  ];
}
