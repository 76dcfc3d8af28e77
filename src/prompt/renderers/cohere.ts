import type { Message, ToolDefinition } from "../../intent/message.ts";
import {
  beginsResults,
  endsResults,
  hasCalls,
  isOn,
  prefillOf,
  type RendererInput,
  turns,
} from "./conversation.ts";
import { spacedJson } from "./json.ts";
import { toolView } from "./tool-view.ts";

const turn = (speaker: string, text: string): string =>
  `<|START_OF_TURN_TOKEN|><|${speaker}_TOKEN|>${text}<|END_OF_TURN_TOKEN|>`;
const textBlock = (text: string): string => `<|START_TEXT|>${text}<|END_TEXT|>`;
const thinkingBlock = (text: string): string =>
  text === "" ? "" : `<|START_THINKING|>${text}<|END_THINKING|>`;

/** The white space that the model's own template leaves in front of an answer with calls. */
const CALLS_GAP = "\n            \n                ";

function toolText(definition: ToolDefinition): string {
  const { name, description, parameters } = toolView(definition);
  return `\n    ${spacedJson({ name, description, parameters, responses: null })}`;
}

function platformTurn({ tools }: RendererInput, system: string): string {
  const own = system === "" ? "" : `${system}\n\n\n\n`;
  const listed = `[\n${tools.map(toolText).join(",\n\n")}\n\n\n]`;
  return turn("SYSTEM", textBlock(`${own}# Available Tools\n\`\`\`json\n${listed}\n\`\`\``));
}

/** The calls of a conversation by number: the model knows them by number, and clients by their own ids. */
class CallNumbers {
  readonly #byId = new Map<string, number>();
  #made = 0;
  #answered = 0;

  next(id: string | undefined): number {
    if (id !== undefined && id !== "") this.#byId.set(id, this.#made);
    return this.#made++;
  }

  /** The number of the call that a result answers: the call with its id, else the next one without an answer. */
  answered(id: string | undefined): number {
    const known = id === undefined ? undefined : this.#byId.get(id);
    const number = known ?? this.#answered;
    this.#answered = number + 1;
    return number;
  }
}

function actionText({ toolCalls = [] }: Message, numbers: CallNumbers): string {
  const calls = toolCalls.map(({ id, name, arguments: args }) => {
    const call = { tool_call_id: String(numbers.next(id)), tool_name: name, parameters: args };
    return `\n    ${spacedJson(call)}`;
  });
  return `<|START_ACTION|>[\n${calls.join(",\n")}\n\n]<|END_ACTION|>`;
}

const resultText = (number: number, content: string): string => `    {
        "tool_call_id": "${number}",
        "results": {

            
            "0": {"content": ${JSON.stringify(content)}}

        },
        "is_error": null
    }`;

function resultsTurn(results: readonly Message[], numbers: CallNumbers): string {
  const texts = results.map(({ toolCallId, content }) => resultText(numbers.answered(toolCallId), content));
  return turn("SYSTEM", `<|START_TOOL_RESULT|>[\n${texts.join(",\n")}\n\n]<|END_TOOL_RESULT|>`);
}

function resultsUpTo(messages: readonly Message[], at: number): Message[] {
  let first = at;
  while (!beginsResults(messages, first)) first--;
  return messages.slice(first, at + 1);
}

/** Cohere's models. Calls are numbered over the whole conversation. */
export function renderCohere(conversation: RendererInput): string {
  const { messages, think } = conversation;
  const first = messages[0]?.role === "system" ? messages[0] : undefined;
  const prefill = prefillOf(messages);
  const numbers = new CallNumbers();
  const text = turns(messages, (message, at) => {
    const { role, content, thinking = "" } = message;
    if (message === first) return "";
    if (role === "user" || role === "system") return turn(role.toUpperCase(), textBlock(content));
    if (role === "tool")
      return endsResults(messages, at) ? resultsTurn(resultsUpTo(messages, at), numbers) : "";
    if (role !== "assistant") return "";
    if (hasCalls(message))
      return turn("CHATBOT", CALLS_GAP + thinkingBlock(thinking) + actionText(message, numbers));
    const open = `<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>${thinkingBlock(thinking)}<|START_TEXT|>${content}`;
    return message === prefill ? open : `${open}<|END_TEXT|><|END_OF_TURN_TOKEN|>`;
  });
  const on = think === undefined || isOn(think);
  const begin = `<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|><|START_THINKING|>${on ? "" : "<|END_THINKING|>"}`;
  return platformTurn(conversation, first?.content ?? "") + text + (prefill === undefined ? begin : "");
}
