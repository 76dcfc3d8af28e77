import { unwrap } from "../../client/index.ts";
import { defined } from "../../lib/defined.ts";
import type { Cli } from "../context.ts";
import { showLayout } from "../show/layout.ts";
import { helpOn } from "./help.ts";
import type { Session } from "./session.ts";

/** `/show WHAT`: facts about the session's model, the session's own changes included. */
export async function showCommand(cli: Cli, session: Session, what: string | undefined): Promise<void> {
  if (what === undefined) return cli.stderr.write(helpOn("show"));
  // With what was set, so that the Modelfile is that of what `/save` would make.
  const { model, system, options } = session;
  const report = unwrap(await cli.client.api.show.post({ model, options, ...defined({ system }) }));
  const text: Record<string, () => string> = {
    info: () => showLayout({ ...report, parameters: effective(report.parameters ?? "", options) }, false),
    license: () => report.license ?? "No license was specified for this model.",
    modelfile: () => report.modelfile ?? "",
    parameters: () => parametersText(report.parameters, session.options),
    system: () => report.system || "No system message was specified for this model.",
    template: () => report.template ?? "No prompt template was specified for this model.",
  };
  const render = Object.hasOwn(text, what) ? text[what] : undefined;
  if (render === undefined) {
    return cli.stdout.write(`Unknown command '/show ${what}'. Type /? for help\n`);
  }
  if (what === "info") cli.stderr.write(render());
  else cli.stdout.write(`${render()}\n`);
}

/** The parameters in effect: the model's own but those that the session has set anew, in the server's lines. */
function effective(modelText: string, options: Session["options"]): string {
  const kept = modelText.split("\n").filter((line) => !Object.hasOwn(options, line.split(" ")[0] ?? ""));
  const set = Object.entries(options).flatMap(([key, value]) =>
    [value]
      .flat()
      .map((each) => `${key.padEnd(30)} ${typeof each === "string" ? JSON.stringify(each) : each}`),
  );
  return [...kept, ...set].filter(Boolean).join("\n");
}

/** The model's own parameters, then those of the session. */
function parametersText(modelText: string | undefined, options: Session["options"]): string {
  const modelLines = modelText
    ? modelText.split("\n").map((line) => `  ${line}`)
    : ["  No additional parameters were specified for this model."];
  const userLines = Object.entries(options).map(([key, value]) => `  ${key.padEnd(30)} ${valueText(value)}`);
  const user = userLines.length > 0 ? ["User defined parameters:", ...userLines] : [];
  return ["Model defined parameters:", ...modelLines, "", ...user].join("\n");
}

function valueText(value: Session["options"][string]): string {
  return Array.isArray(value) ? value.map((each) => JSON.stringify(each)).join(", ") : String(value);
}
