import type { Message, ToolDefinition } from "../../intent/message.ts";
import { defined, ifDefined } from "../../lib/defined.ts";
import { isRecord } from "../../lib/is-record.ts";
import { DeclaredTools } from "../declared-tools.ts";

/** Tools that gpt-oss knows by a name with a dot. */
const BUILT_IN = ["browser.open", "browser.search", "browser.find", "python"];

function identifierOf(name: string): string {
  if (BUILT_IN.includes(name)) return name;
  const plain = name.replace(/[ .-]/g, "_").replace(/[^\p{L}\p{N}_$]/gu, "") || "unnamed";
  return /^\p{N}/u.test(plain) ? `_${plain}` : plain;
}

/** Tool names as gpt-oss can write them, both ways (docs/behaviour: modelfile §7). */
export class HarmonyNames {
  readonly #safe = new Map<string, string>();
  readonly #own = new Map<string, string>();

  constructor(definitions: readonly ToolDefinition[]) {
    for (const { name } of new DeclaredTools(definitions).all) {
      const base = identifierOf(name);
      let safe = base;
      for (let i = 2; this.#own.has(safe); i++) safe = `${base}_${i}`;
      this.#safe.set(name, safe);
      this.#own.set(safe, name);
    }
  }

  /** A tool's name in the prompt. */
  safe(name: string): string {
    return this.#safe.get(name) ?? identifierOf(name);
  }

  /** The client's name for what the model calls. */
  own(safe: string): string {
    return this.#own.get(safe) ?? safe;
  }

  tools(definitions: readonly ToolDefinition[]): ToolDefinition[] {
    return definitions.map((definition) => {
      const { function: described } = definition;
      if (!isRecord(described) || typeof described.name !== "string") return definition;
      return { ...definition, function: { ...described, name: this.safe(described.name) } };
    });
  }

  messages(messages: readonly Message[]): Message[] {
    return messages.map((message) => ({
      ...message,
      ...defined({
        toolName: ifDefined(message.toolName, (name) => this.safe(name)),
        toolCalls: message.toolCalls?.map((call) => ({ ...call, name: this.safe(call.name) })),
      }),
    }));
  }
}
