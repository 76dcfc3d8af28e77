/** What is used of a schema of the OpenAPI document. */
interface Schema {
  $ref?: string;
  description?: string;
  type?: string;
  enum?: unknown[];
  nullable?: boolean;
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
}

type Content = Record<string, { schema?: Schema }>;

interface Operation {
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface FieldPage {
  /** In docs/. */
  file: string;
  title: string;
  /** What stands above the tables. */
  intro: string;
  /** Their POST is described. */
  paths: readonly string[];
}

const READING = `\`null\` is the same as leaving a field of a request out. A field that is not here is ignored with a \`Warning\` header.
"Accepted" means that nothing in the answer depends on it; "refused" is a 400 that says why.`;

/** The pages there are. */
export const FIELD_PAGES: readonly FieldPage[] = [
  {
    file: "openai-fields.md",
    title: "OpenAI's API, field by field",
    intro: `Every field that requests may have and replies do have, and what llamero does with it; [OpenAI's API](openai.md) has examples. ${READING}`,
    paths: [
      "/v1/chat/completions",
      "/v1/completions",
      "/v1/embeddings",
      "/v1/responses",
      "/v1/responses/input_tokens",
      "/v1/audio/transcriptions",
      "/v1/rerank",
      "/v1/decisions",
    ],
  },
  {
    file: "anthropic-fields.md",
    title: "Anthropic's API, field by field",
    intro: `Every field that requests may have and replies do have, and what llamero does with it; [Anthropic's API](anthropic.md) has examples. ${READING}`,
    paths: ["/v1/messages", "/v1/messages/count_tokens"],
  },
];

const nameOf = ({ $ref = "" }: Schema): string => $ref.slice($ref.lastIndexOf("/") + 1);

const linkTo = (name: string): string => `[${name}](#${name.toLowerCase()})`;

const isNull = ({ enum: values }: Schema): boolean => values?.length === 1 && values[0] === null;

/** A row of a table: the field's path in its object, whether it has to be there, what it may be, what it does. */
interface Row {
  path: string;
  required: boolean;
  schema: Schema;
}

/** The objects without a name of their own that a value may be or have, each with what stands between the field and its own fields. */
function unnamed(schema: Schema, mark = "."): [Schema, string][] {
  const { properties, anyOf = [], items } = schema;
  const own: [Schema, string][] = properties === undefined ? [] : [[schema, mark]];
  return [
    ...own,
    ...anyOf.flatMap((each) => unnamed(each, mark)),
    ...(items ? unnamed(items, `[]${mark}`) : []),
  ];
}

/** The fields of an object; those of objects without a name of their own stand below it, `a.b`. */
function rowsOf({ properties = {}, required = [] }: Schema, prefix = ""): Row[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const path = `${prefix}${key}`;
    const inner = unnamed(schema).flatMap(([object, mark]) => rowsOf(object, `${path}${mark}`));
    return [{ path, required: required.includes(key), schema }, ...inner];
  });
}

const literals = (values: readonly unknown[], nullCounts: boolean): string =>
  values
    .filter((value) => nullCounts || value !== null)
    .map((value) => `\`${JSON.stringify(value)}\``)
    .join(" or ");

/** What a value may be, in Markdown. Where `null` is the same as absent, it is not named. */
function typeText(schema: Schema, nullCounts: boolean): string {
  if (schema.$ref !== undefined) return linkTo(nameOf(schema));
  const orNull = nullCounts && schema.nullable ? ["null"] : [];
  const { anyOf, enum: values, items, type = "any JSON", additionalProperties: members } = schema;
  if (isNull(schema)) return nullCounts ? "null" : "none";
  if (anyOf !== undefined) {
    const named = anyOf.map((each) => typeText(each, nullCounts));
    return [...new Set(named)].filter((each) => each !== "none").join(" or ");
  }
  if (values !== undefined) return literals(values, nullCounts);
  if (items !== undefined) return [`list of ${typeText(items, nullCounts)}`, ...orNull].join(" or ");
  if (typeof members === "object" && Object.keys(members).some((key) => key !== "description")) {
    return [`object of ${typeText(members, nullCounts)}`, ...orNull].join(" or ");
  }
  return [type, ...orNull].join(" or ");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");

/** Writes a page: the fields of requests, replies and events, then those of every object in them. */
class PageWriter {
  readonly #schemas: Record<string, Schema>;
  /** Names of objects in the order in which they are mentioned, each with whether null counts in it. */
  readonly #mentioned = new Map<string, boolean>();

  constructor(schemas: Record<string, Schema>) {
    this.#schemas = schemas;
  }

  #mention(schema: Schema, nullCounts: boolean): void {
    if (schema.$ref !== undefined) {
      const name = nameOf(schema);
      if (!this.#mentioned.has(name)) this.#mentioned.set(name, nullCounts);
      return;
    }
    const { anyOf = [], items, properties = {}, additionalProperties: members } = schema;
    const inner = [...anyOf, ...(items ? [items] : []), ...Object.values(properties)];
    for (const each of inner) this.#mention(each, nullCounts);
    if (typeof members === "object") this.#mention(members, nullCounts);
  }

  /** An object's fields, or what it is one of. */
  describe(schema: Schema, nullCounts: boolean): string {
    this.#mention(schema, nullCounts);
    const { description = "", properties } = schema;
    if (properties === undefined) return [description, `${typeText(schema, nullCounts)}.`].join("\n\n");
    const rows = rowsOf(schema).map(({ path, required, schema: field }) => [
      `\`${path}\`${required ? ", required" : ""}`,
      cell(typeText(field, nullCounts)),
      cell(field.description ?? (field.$ref && this.#schemas[nameOf(field)]?.description) ?? ""),
    ]);
    return [description, table(["Field", "Type", "What it does"], rows)].join("\n\n");
  }

  operation({ requestBody, responses }: Operation): string[] {
    const named = (content: Content, title: (type: string) => string, nullCounts: boolean): string[] =>
      Object.entries(content).flatMap(([type, { schema = {} }]) => {
        const whole = schema.$ref === undefined ? schema : this.#schemas[nameOf(schema)]!;
        return [`### ${title(type)}`, this.describe(whole, nullCounts)];
      });
    const asked = named(requestBody?.content ?? {}, () => "The request", false);
    const title = (type: string): string => (type === "text/event-stream" ? "Events" : "The reply");
    return [...asked, ...named(responses["200"]?.content ?? {}, title, true)];
  }

  /** All objects that have been mentioned, and those that they mention. */
  objects(): string[] {
    const parts: string[] = [];
    for (const [name, nullCounts] of this.#mentioned) {
      parts.push(`### ${name}`, this.describe(this.#schemas[name]!, nullCounts));
    }
    return parts;
  }
}

/**
 * A page of the documents that names every field of some endpoints, made of the OpenAPI document.
 *
 * @returns Markdown.
 */
export function fieldPage({ paths, components }: Document, page: FieldPage): string {
  const writer = new PageWriter(components.schemas);
  const operations = page.paths.flatMap((path) => {
    const operation = paths[path]?.post;
    if (operation === undefined) throw new Error(`the document has no POST ${path}`);
    return [`## POST ${path}`, ...writer.operation(operation)];
  });
  const note = "<!-- made by `bun run openapi` from the routes' schemas -->";
  const parts = [note, `# ${page.title}`, page.intro, ...operations, "## Objects", ...writer.objects()];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
