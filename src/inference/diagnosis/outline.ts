import type { GenerateIntent } from "../../intent/generate.ts";
import type { Message } from "../../intent/message.ts";

/** One message, as far as it reaches a prompt. */
export interface OutlinedMessage {
  role: string;
  text: string;
  /** Its thinking, calls, pictures and so on, as JSON. */
  rest: string;
}

/** The parts of a prompt, to compare it with another one. Texts are those of the request, not copies. */
export interface Outline {
  /** Digests of weights and adapters: the same model under any of its names. */
  model: string;
  /** The texts of the system messages in front. */
  system: string[];
  /** Definitions of tools as JSON. */
  tools: string;
  /** All other inputs that change a prompt as a whole: thinking, template, suffix. */
  manner: string;
  messages: OutlinedMessage[];
}

/** The outline of a request to a model. */
export function outlineOf({ input, think }: GenerateIntent, model: string): Outline {
  if (input.type === "completion") {
    const { prompt, tokens, system, template, suffix, context, raw, images } = input;
    const rest = JSON.stringify({ tokens, images, suffix, context });
    return {
      model,
      system: system === undefined ? [] : [system],
      tools: "",
      manner: JSON.stringify({ think, template, raw }),
      messages: [{ role: "user", text: prompt, rest }],
    };
  }
  const { messages, tools } = input;
  const first = messages.findIndex(({ role }) => role !== "system");
  const front = first === -1 ? messages.length : first;
  return {
    model,
    system: messages.slice(0, front).map(({ content }) => content),
    tools: tools.length === 0 ? "" : JSON.stringify(tools),
    manner: JSON.stringify({ think }),
    messages: messages.slice(front).map(outlined),
  };
}

const outlined = ({ role, content, ...rest }: Message): OutlinedMessage => ({
  role,
  text: content,
  rest: JSON.stringify(rest),
});

/** Characters that an outline keeps alive. */
export const outlineSize = ({ system, tools, messages }: Outline): number =>
  tools.length +
  system.reduce((sum, { length }) => sum + length, 0) +
  messages.reduce((sum, { text, rest }) => sum + text.length + rest.length, 0);
