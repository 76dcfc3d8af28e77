import type { Think } from "../../intent/generate.ts";
import type { Message, ToolDefinition } from "../../intent/message.ts";
import { Budget } from "../../lib/budget.ts";
import type { Clock } from "../../lib/clock.ts";
import { AppError } from "../../lib/errors.ts";
import { jinjaAbilities } from "./abilities.ts";
import { inTakenForm, otherForms } from "./forms.ts";
import { jinjaMessages } from "./messages.ts";
import { jinjaTemplate } from "./template.ts";

export interface JinjaContext {
  tools: readonly ToolDefinition[];
  think?: Think;
  /** Text of the special tokens, "" for none. */
  bosToken: string;
  eosToken: string;
  clock: Pick<Clock, "now">;
  /** Default: what one request may cause. */
  budget?: Budget;
}

/** Marks where the text that the answer continues ends. Of the private use area: no message has it, no template trims it. */
const END_OF_PREFILL = "\u{f8ff}llamero-prefill-ends\u{f8ff}";

/** `enable_thinking` (and `thinking`, as DeepSeek and Granite call it) when told, `reasoning_effort` for a level only. */
function thinkVariables(think: Think | undefined): Record<string, unknown> {
  if (think === undefined) return {};
  const enabled = think !== false;
  return {
    enable_thinking: enabled,
    thinking: enabled,
    ...(typeof think === "string" && { reasoning_effort: think }),
  };
}

/** Whether the answer is to go on with the last message instead of beginning one of its own. */
const isPrefill = ({ role, toolCalls = [] }: Message): boolean =>
  role === "assistant" && toolCalls.length === 0;

const isRefusal = (error: unknown): boolean => error instanceof AppError && error.kind === "bad_request";

/**
 * A conversation as the template takes it: as it is, or in the first form that it does not refuse.
 * @throws AppError when the template refuses all forms, with its words about the conversation as it is.
 */
function firstTaken(conversation: readonly Message[], render: (form: readonly Message[]) => string): string {
  try {
    return render(conversation);
  } catch (refusal) {
    if (!isRefusal(refusal)) throw refusal;
    for (const form of otherForms(conversation)) {
      try {
        return render(form);
      } catch (error) {
        if (!isRefusal(error)) throw error;
      }
    }
    throw refusal;
  }
}

/**
 * Renders a conversation with a GGUF's own chat template.
 *
 * A last message from the assistant is a prefill: everything that the template puts after its text is cut off. Should the
 * template not print that text, it follows the prompt for the turn before.
 *
 * @throws AppError `bad_request` when the template refuses the conversation, `internal` when it does not parse.
 * @throws OverBudget when it would take too long.
 */
export function renderJinja(text: string, messages: readonly Message[], context: JinjaContext): string {
  const { tools, think, bosToken, eosToken, clock, budget = new Budget() } = context;
  const abilities = jinjaAbilities(text, budget);
  const renderForm = (form: readonly Message[], prompts: boolean): string =>
    jinjaTemplate(text, budget).render(
      {
        messages: jinjaMessages(form, abilities),
        tools: tools.length > 0 ? tools : abilities.noTools,
        documents: null,
        bos_token: bosToken,
        eos_token: eosToken,
        add_generation_prompt: prompts,
        ...thinkVariables(think),
      },
      clock,
      budget,
    );
  const render = (conversation: readonly Message[], prompts: boolean): string =>
    firstTaken(inTakenForm(conversation, abilities), (form) => renderForm(form, prompts));
  const last = messages.at(-1);
  if (last === undefined || !isPrefill(last)) return render(messages, true);
  const before = messages.slice(0, -1);
  const marked = render([...before, { ...last, content: last.content + END_OF_PREFILL }], false);
  const end = marked.lastIndexOf(END_OF_PREFILL);
  return end >= 0 ? marked.slice(0, end) : render(before, true) + last.content;
}
