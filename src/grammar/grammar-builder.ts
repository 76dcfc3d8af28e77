import type { Expr } from "./gbnf.ts";
import { unsatisfiable } from "./refusals.ts";
import { RuleBook } from "./rule-book.ts";
import { checkNesting, schemaNode } from "./schema/node.ts";
import { SchemaCompiler } from "./schema-compiler.ts";

/** A GBNF grammar with the root rule `root`, and warnings about demands of the schema that it cannot enforce. */
export interface Grammar {
  grammar: string;
  warnings: string[];
}

/** Puts several schemas into one grammar, for example the arguments of several tools, with rules shared and names kept apart. */
export class GrammarBuilder {
  /** Rules that belong to no schema, such as the text around the values, are put here. */
  readonly book = new RuleBook();
  readonly #warnings = new Set<string>();
  readonly #compiler = new SchemaCompiler(this.book, (message) => this.#warnings.add(message));
  #documents = 0;

  /**
   * The expression for values that `schema` describes. References in it are looked up in `schema` itself.
   * @param hint what to name its rules after.
   * @throws AppError 400 for schemas that are invalid, unsatisfiable, too large, or use what no grammar can enforce.
   */
  addSchema(schema: unknown, hint: string): Expr {
    checkNesting(schema);
    const document = { root: schema, id: this.#documents++ };
    const expr = this.#compiler.compile([schemaNode(document, schema, "#")], hint);
    if (expr === undefined) throw unsatisfiable("no value fulfils all of its constraints");
    return expr;
  }

  /** The grammar whose texts are those of `root`. Several may be built of the same rules. */
  build(root: Expr): Grammar {
    return { grammar: this.book.print(root), warnings: [...this.#warnings] };
  }
}
