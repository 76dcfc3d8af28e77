import type { ParserName } from "../../models/parser-traits.ts";
import type { CallSyntax } from "../call-syntax.ts";
import { commandR } from "../choose-syntax.ts";
import { deepseek, deepseekFenced } from "../syntax/deepseek.ts";
import { functionTags } from "../syntax/function-tags.ts";
import { gemma } from "../syntax/gemma.ts";
import { hermes } from "../syntax/hermes.ts";
import { mistralNamed } from "../syntax/mistral.ts";
import { taggedPython } from "../syntax/pythonic.ts";
import { blockSyntax, ignored } from "./blocks.ts";
import { cohereBlock } from "./cohere-blocks.ts";
import { deepseekBlock } from "./deepseek-blocks.ts";
import { gemma4Parser } from "./gemma4.ts";
import { glimmer } from "./glimmer.ts";
import { lagunaParser } from "./laguna.ts";
import { type AnswerStart, isPrefilled, type NamedParser, thinks } from "./named-parser.ts";
import { readThought } from "./read-thought.ts";
import { type TaggedForm, taggedParser } from "./tagged-parser.ts";

const THINK = { open: "<think>", close: "</think>" };
const THINK_MARKS = [THINK.open, THINK.close];
const KEEPS_SPACE = { before: true, behind: true };

/** Qwen, Nemotron and GLM: `<tool_call>`, and a broken call stays in the answer as text. */
const toolCalls = {
  syntaxes: [hermes],
  rules: { drops: "cut" },
  dropsCut: true,
} satisfies Partial<TaggedForm>;

/** GLM's calls have tags inside. */
const argKeys: CallSyntax = {
  ...hermes,
  marks: [...hermes.marks, "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>"],
};
const glmCalls = { ...toolCalls, syntaxes: [argKeys] };

const unlessOff = ({ think }: AnswerStart) => (think === false ? "content" : "thought");
const unlessOffOrPrefilled = (start: AnswerStart) => (isPrefilled(start) ? "content" : unlessOff(start));
const unlessPrefilled = (start: AnswerStart) => (isPrefilled(start) ? "content" : "thought");
const onlyOn = (start: AnswerStart) => (thinks(start) && !isPrefilled(start) ? "thought" : "content");

/** Qwen 3.5, Ornith and Nemotron 3. */
const functionsThinking = taggedParser({
  ...toolCalls,
  writes: functionTags,
  thinking: { tags: THINK, opening: unlessOffOrPrefilled, skipsTag: true, endsAtCall: true },
});

const OUTPUT_BEGIN = "<｜tool▁output▁begin｜>";
const OUTPUT_END = "<｜tool▁output▁end｜>";
const OUTPUTS_BEGIN = "<｜tool▁outputs▁begin｜>";
const OUTPUTS_END = "<｜tool▁outputs▁end｜>";

const BARE_WORD = /[^,()[\]{}]+/y;

/** A list of calls in Python between tags, left out where it is broken. */
const pythonBlock = (open: string, close: string, list: boolean) =>
  taggedPython(open, close, list, { bare: BARE_WORD });

const lfm2 = {
  syntaxes: [pythonBlock("<|tool_call_start|>", "<|tool_call_end|>", true)],
  rules: { drops: "broken" },
} satisfies Partial<TaggedForm>;

/** Marks that Cohere's models write around text. */
const COHERE_MARKS = [
  "<|START_TEXT|>",
  "<|END_TEXT|>",
  "<|START_RESPONSE|>",
  "<|END_RESPONSE|>",
  "<|END_OF_TURN_TOKEN|>",
];

/** Thinking of models that are not told to think, kept as it stands between its tags. */
const thoughtBlock = (open: string, close: string): CallSyntax => ({
  opens: [open],
  marks: [close],
  *read(_, context) {
    yield* readThought(context, { ends: [close], keepsSpace: true, keepsEnd: true });
  },
});

/** Every parser that a published config names, but `harmony`, which has a room of its own. */
const PARSERS: Readonly<Record<Exclude<ParserName, "harmony">, NamedParser>> = {
  "qwen3-coder": taggedParser({ ...toolCalls, writes: functionTags }),
  qwen3: taggedParser({ ...toolCalls, marks: THINK_MARKS }),
  "qwen3-thinking": taggedParser({
    ...toolCalls,
    thinking: { tags: THINK, opening: unlessOff, skipsTag: true, endsAtCall: true },
  }),
  "qwen3-vl-instruct": taggedParser({ ...toolCalls, marks: THINK_MARKS }),
  "qwen3-vl-thinking": taggedParser({
    ...toolCalls,
    thinking: { tags: THINK, opening: unlessPrefilled, endsAtCall: true },
  }),
  "qwen3.5": functionsThinking,
  ornith: functionsThinking,
  "nemotron-3-nano": functionsThinking,
  "nemotron-3.5-nano": functionsThinking,
  "glm-4.7": taggedParser({
    ...glmCalls,
    thinking: { tags: THINK, opening: ({ think }) => (think === false ? "tag" : "thought") },
  }),
  "glm-ocr": taggedParser({ ...glmCalls, thinking: { tags: THINK, opening: () => "tag" } }),
  deepseek3: taggedParser({
    syntaxes: [deepseekBlock, ignored([OUTPUT_BEGIN, OUTPUT_END], true)],
    writes: deepseek,
    rules: { drops: "broken" },
    thinking: { tags: THINK, opening: onlyOn },
  }),
  cogito: taggedParser({
    syntaxes: [
      deepseekBlock,
      blockSyntax(OUTPUTS_BEGIN, OUTPUTS_END, () => ({ calls: [] }), [OUTPUT_BEGIN, OUTPUT_END]),
    ],
    writes: deepseekFenced,
    rules: { drops: "broken" },
    thinking: { tags: THINK, opening: (start) => (start.tools ? "content" : onlyOn(start)) },
  }),
  olmo3: taggedParser({
    syntaxes: [pythonBlock("<function_calls>", "</function_calls>", false)],
    rules: { drops: "broken", keepsSpace: KEEPS_SPACE },
  }),
  "olmo3-think": taggedParser({
    syntaxes: [],
    writes: hermes,
    thinking: { tags: THINK, opening: unlessPrefilled },
  }),
  lfm2: taggedParser({ ...lfm2, marks: THINK_MARKS }),
  "lfm2-thinking": taggedParser({
    ...lfm2,
    thinking: { tags: THINK, opening: (start) => (thinks(start) ? "tag" : "content") },
  }),
  ministral: taggedParser({
    syntaxes: [mistralNamed, thoughtBlock("[THINK]", "[/THINK]")],
    declaredOnly: true,
    dropsCut: true,
    rules: { drops: "cut", keepsSpace: { before: false, behind: true } },
  }),
  functiongemma: taggedParser({
    syntaxes: [gemma("<start_function_call>", "<end_function_call>", "<escape>")],
    rules: { drops: "broken", keepsSpace: KEEPS_SPACE },
    dropsCut: true,
  }),
  gemma4: gemma4Parser(true),
  "gemma4-no-thinking": gemma4Parser(false),
  laguna: lagunaParser(true),
  "poolside-v1": lagunaParser(false),
  cohere: taggedParser({
    syntaxes: [cohereBlock, ignored(COHERE_MARKS, true)],
    writes: commandR,
    rules: { drops: "broken" },
    trimsContent: true,
    thinking: {
      tags: { open: "<|START_THINKING|>", close: "<|END_THINKING|>" },
      opening: unlessOffOrPrefilled,
    },
  }),
  glimmer,
  passthrough: taggedParser({ syntaxes: [], writes: hermes }),
};

/** gpt-oss's parser, which is chosen by its template as well. */
export const HARMONY = "harmony";

/** Undefined for {@link HARMONY}, and for an unknown name. */
export const namedParser = (name: string): NamedParser | undefined =>
  isListed(name) ? PARSERS[name] : undefined;

const isListed = (name: string): name is keyof typeof PARSERS => Object.hasOwn(PARSERS, name);
