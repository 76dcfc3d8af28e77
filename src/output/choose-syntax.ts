import type { CallSyntax } from "./call-syntax.ts";
import { bareCalls, bareWithArguments, bareWithParameters } from "./syntax/bare-calls.ts";
import { deepseek, deepseekFenced } from "./syntax/deepseek.ts";
import { functionJson, functionTags } from "./syntax/function-tags.ts";
import { functionary } from "./syntax/functionary.ts";
import { gemma } from "./syntax/gemma.ts";
import { hermes } from "./syntax/hermes.ts";
import { inferredSyntax } from "./syntax/inferred.ts";
import { mistral, mistralNamed } from "./syntax/mistral.ts";
import { pythonTag } from "./syntax/python-tag.ts";
import { pythonList, taggedPython } from "./syntax/pythonic.ts";
import { HERMES_KEYS, taggedJson } from "./syntax/tagged-json.ts";

/** The syntaxes in which a model writes tool calls, by its template. */
export interface ChosenSyntax {
  /** Every syntax that may occur in an answer. */
  reads: readonly CallSyntax[];
  /** The syntax that a grammar makes the model write. */
  writes: CallSyntax;
}

const granite = taggedJson({ open: "<|tool_call|>", close: "", keys: HERMES_KEYS, list: true });
export const commandR = taggedJson({
  open: "<|START_ACTION|>",
  close: "<|END_ACTION|>",
  keys: { name: "tool_name", arguments: "parameters" },
  list: true,
});
const lfm2 = taggedPython("<|tool_call_start|>", "<|tool_call_end|>", true);
const olmo3 = taggedPython("<function_calls>", "</function_calls>", false);

const gemma4 = gemma("<|tool_call>", "<tool_call|>", '<|"|>');
const functionGemma = gemma("<start_function_call>", "<end_function_call>", "<escape>");

const PYTHON_LIST = /\[func(?:tion)?_name1?\(|\[func1\(/;
const PARAMETERS = /"name":[^{}]{0,100}"parameters":/;

/** In order: the first that a template mentions is how its model writes; all that it mentions are read. */
const KNOWN: readonly { mentioned: (template: string) => boolean; syntax: CallSyntax }[] = [
  { mentioned: has("[TOOL_CALLS]", "[ARGS]"), syntax: mistralNamed },
  { mentioned: has("[TOOL_CALLS]"), syntax: mistral },
  { mentioned: has("<｜tool▁call▁begin｜>", "```json"), syntax: deepseekFenced },
  { mentioned: has("<｜tool▁call▁begin｜>"), syntax: deepseek },
  { mentioned: has("<|START_ACTION|>"), syntax: commandR },
  { mentioned: has("<|tool_call|>"), syntax: granite },
  { mentioned: has("<|tool_call_start|>"), syntax: lfm2 },
  { mentioned: has("<function_calls>"), syntax: olmo3 },
  { mentioned: has("<|tool_call>"), syntax: gemma4 },
  { mentioned: has("<start_function_call>"), syntax: functionGemma },
  { mentioned: has("<tool_call>", "<function="), syntax: functionTags },
  { mentioned: has("<tool_call>"), syntax: hermes },
  { mentioned: has("<function="), syntax: functionJson },
  { mentioned: has(">>>all"), syntax: functionary },
  { mentioned: (template) => PYTHON_LIST.test(template), syntax: pythonList },
  { mentioned: (template) => PARAMETERS.test(template), syntax: bareWithParameters },
];

/** Its syntax is read where a template mentions it, but a grammar makes such models write JSON. */
const PYTHON_TAG = "<|python_tag|>";

function has(...texts: string[]): (template: string) => boolean {
  return (template) => texts.every((text) => template.includes(text));
}

/** For a tag that none of the known syntaxes has. `{` and `[` are no tags: {@link bareCalls} reads what they open. */
function inferred(tag: string, known: readonly CallSyntax[]): CallSyntax[] {
  const bare = ["", "{", "[", "[{"].includes(tag.replaceAll(/\s/g, ""));
  if (bare || known.some(({ opens }) => opens.some((open) => tag.includes(open)))) return [];
  return [inferredSyntax(tag)];
}

/**
 * How a model writes tool calls, read off the text of its template, Go or Jinja. Calls without any tag are always understood.
 *
 * @param tag what the template puts in front of the calls of a history (docs/behaviour: modelfile §5); used when the template mentions no
 * syntax that is known.
 */
export function chooseSyntax(template: string, tag: string): ChosenSyntax {
  const mentioned = KNOWN.filter((each) => each.mentioned(template)).map(({ syntax }) => syntax);
  const named = has(PYTHON_TAG)(template) ? [pythonTag] : [];
  const own = [...mentioned, ...inferred(tag, [...mentioned, ...named])];
  return {
    reads: [...own, ...named, bareCalls],
    writes: own.find(({ grammar }) => grammar) ?? bareWithArguments,
  };
}
