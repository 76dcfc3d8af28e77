import { defined, ifDefined } from "../lib/defined.ts";
import { type Instruction, type MessageRole, ModelfileError, type ValueInstruction } from "./instruction.ts";
import { collectParameters, type ParsedParameters } from "./parameters.ts";

/** The content of a Modelfile, repeats resolved (docs/behaviour: modelfile §1.4). Paths and names are as written. */
export interface ModelfileSummary {
  /** Every FROM, in order; whether one is a path or a model's name is not known here. */
  from: string[];
  /** The last ADAPTER. */
  adapter?: string;
  drafts: string[];
  template?: string;
  system?: string;
  renderer?: string;
  parser?: string;
  /** A version without a leading `v`. */
  requires?: string;
  licenses: string[];
  parameters: ParsedParameters;
  messages: { role: MessageRole; content: string }[];
}

const SEMVER = /^v?(\d+)(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/**
 * @param onWarning told one line for every PARAMETER that is skipped.
 * @throws ModelfileError when a PARAMETER or REQUIRES has a bad value.
 */
export function summarizeModelfile(
  instructions: readonly Instruction[],
  onWarning: (line: string) => void,
): ModelfileSummary {
  const all = (type: ValueInstruction): string[] =>
    instructions.flatMap((each) => (each.type === type ? [each.value] : []));
  const last = <Key extends string>(type: ValueInstruction, key: Key): { [K in Key]?: string } => {
    const value = all(type).at(-1);
    const found: { [K in Key]?: string } = {};
    if (value !== undefined) found[key] = value;
    return found;
  };
  const requires = all("requires").at(-1);
  return {
    from: all("from"),
    drafts: all("draft"),
    licenses: all("license"),
    ...last("adapter", "adapter"),
    ...last("template", "template"),
    ...last("system", "system"),
    ...last("renderer", "renderer"),
    ...last("parser", "parser"),
    ...defined({ requires: ifDefined(requires, version) }),
    parameters: collectParameters(
      instructions.filter((each) => each.type === "parameter"),
      (key) => onWarning(`warning: parameter ${key} is deprecated`),
    ),
    messages: instructions.flatMap((each) =>
      each.type === "message" ? [{ role: each.role, content: each.content }] : [],
    ),
  };
}

function version(text: string): string {
  if (!SEMVER.test(text)) throw new ModelfileError("requires must be a valid semver (e.g. 0.14.0)");
  return text.replace(/^v/, "");
}
