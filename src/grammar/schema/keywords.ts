import { unsupportedKeyword } from "../refusals.ts";
import { isSchemaObject, type SchemaNode } from "./node.ts";

/** Enforced by the readers of this folder. */
const ENFORCED = [
  ..."type nullable enum const $ref allOf anyOf oneOf".split(" "),
  ..."minLength maxLength pattern format".split(" "),
  ..."minimum maximum exclusiveMinimum exclusiveMaximum multipleOf".split(" "),
  ..."properties required additionalProperties propertyNames minProperties maxProperties".split(" "),
  ..."items prefixItems additionalItems minItems maxItems uniqueItems".split(" "),
];

/** Say something about the schema or its use, nothing about which values are valid. */
const ANNOTATIONS = [
  ..."title description default example examples $schema $id id $comment $anchor $dynamicAnchor $vocabulary".split(
    " ",
  ),
  ..."deprecated readOnly writeOnly $defs definitions".split(" "),
  ..."contentEncoding contentMediaType contentSchema discriminator xml externalDocs".split(" "),
];

/** Need more than a context-free grammar, or would make it explode. */
const REFUSED = [
  ..."not if then else contains minContains maxContains patternProperties".split(" "),
  ..."dependencies dependentRequired dependentSchemas $dynamicRef $recursiveRef".split(" "),
  ..."unevaluatedProperties unevaluatedItems".split(" "),
];

const ENFORCED_OR_HARMLESS = new Set([...ENFORCED, ...ANNOTATIONS]);
const CONSTRAINING = new Set(ENFORCED);

/**
 * Refuses keywords that cannot be enforced and reports those that JSON Schema does not know.
 * `unevaluated…: true`, `patternProperties: {}` and the like constrain nothing and pass.
 */
export function checkKeywords(node: SchemaNode, warn: (message: string) => void): void {
  if (typeof node.schema === "boolean") return;
  for (const [keyword, value] of Object.entries(node.schema)) {
    if (ENFORCED_OR_HARMLESS.has(keyword) || keyword.startsWith("x-")) continue;
    if (!REFUSED.includes(keyword))
      warn(`unknown JSON Schema keyword "${keyword}" at ${node.path} is ignored`);
    else if (!isVoid(keyword, value)) throw unsupportedKeyword(keyword, node.path);
  }
}

function isVoid(keyword: string, value: unknown): boolean {
  if (keyword === "unevaluatedProperties" || keyword === "unevaluatedItems") return value === true;
  const map = ["patternProperties", "dependencies", "dependentRequired", "dependentSchemas"];
  return map.includes(keyword) && isSchemaObject(value) && Object.keys(value).length === 0;
}

/** The keywords of `node` that constrain values. */
export const constraintsOf = (node: SchemaNode): string[] =>
  typeof node.schema === "boolean"
    ? []
    : Object.keys(node.schema).filter((keyword) => CONSTRAINING.has(keyword));
