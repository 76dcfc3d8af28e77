import type { ToolDefinition } from "../intent/message.ts";
import { isRecord } from "../lib/is-record.ts";

/** A tool of the request. */
export interface DeclaredTool {
  name: string;
  /** JSON Schema of its arguments; absent: it takes none, or does not say. */
  parameters?: Record<string, unknown>;
}

function declaredTool(definition: ToolDefinition): DeclaredTool[] {
  const { function: described } = definition;
  if (!isRecord(described) || typeof described.name !== "string" || described.name === "") return [];
  const { name, parameters } = described;
  return [isRecord(parameters) ? { name, parameters } : { name }];
}

/** The tools of a request by name. A definition without a name cannot be called and is left out. */
export class DeclaredTools {
  readonly all: readonly DeclaredTool[];
  readonly #byName: ReadonlyMap<string, DeclaredTool>;

  constructor(definitions: readonly ToolDefinition[]) {
    this.all = definitions.flatMap(declaredTool);
    this.#byName = new Map(this.all.map((tool) => [tool.name, tool]));
  }

  /** May a model call the tool of that name? */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Does the request have a tool of that name? */
  declares(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Is one of the names somewhere in `text`? */
  namedIn(text: string): boolean {
    return this.all.some(({ name }) => text.includes(name));
  }

  /** The schemas of a tool's arguments, in the order of their declaration. */
  properties(name: string): Record<string, unknown> {
    const properties = this.#byName.get(name)?.parameters?.properties;
    return isRecord(properties) ? properties : {};
  }
}

/** For models whose calls cannot be mistaken for text: every call counts, also of a tool that the request does not have. */
export class AnyTools extends DeclaredTools {
  override has(name: string): boolean {
    return name !== "";
  }
}
