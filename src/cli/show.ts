import { type ShowReply, unwrap } from "../client/index.ts";
import { type ParsedArgv, UsageError } from "./argv.ts";
import type { Cli } from "./context.ts";
import { wantsJson, writeJson } from "./json.ts";
import { showLayout } from "./show/layout.ts";

const SELECTORS = ["license", "modelfile", "parameters", "system", "template"] as const;
type Selector = (typeof SELECTORS)[number];

export async function printModel(cli: Cli, argv: ParsedArgv): Promise<void> {
  const [model = ""] = argv.args;
  const verbose = argv.boolean("verbose") === true;
  const chosen = SELECTORS.filter((selector) => argv.boolean(selector) === true);
  if (chosen.length > 1) {
    throw new UsageError(
      "only one of '--license', '--modelfile', '--parameters', '--system', or '--template' can be specified",
    );
  }
  const report = unwrap(await cli.client.api.show.post({ model, verbose }));
  if (wantsJson(argv)) return writeJson(cli, report);
  const [selector] = chosen;
  cli.stdout.write(selector === undefined ? showLayout(report, verbose) : oneField(report, selector));
}

/** One field as text; only the two that are prompts come without an added newline (docs/behaviour: cli §4). */
function oneField(report: ShowReply, selector: Selector): string {
  const text = report[selector] ?? "";
  return selector === "system" || selector === "template" ? text : `${text}\n`;
}
