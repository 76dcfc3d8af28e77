import type { VerifyLine } from "../client/index.ts";
import type { ParsedArgv } from "./argv.ts";
import type { Cli } from "./context.ts";
import { withStatusLine } from "./failure.ts";
import { shortId } from "./model-text.ts";
import { Progress } from "./progress/progress.ts";

type Bad = Extract<VerifyLine, { status: "bad" }>;

/** Has the server hash every blob, prints those that are bad, and fails when there is one. */
export async function verify(cli: Cli, argv: ParsedArgv): Promise<void> {
  const rebuild = argv.boolean("rebuild") === true;
  const rebuilt: string[] = [];
  const bad: Bad[] = [];
  let verified = 0;
  const progress = new Progress(cli.stderr, cli.now);
  try {
    for await (const line of withStatusLine(cli.client.verifyBlobs({ rebuild }))) {
      if (line.status === "verifying") {
        progress.bar(`verifying ${shortId(line.digest.slice(7))}`, line.completed, line.total);
      }
      if (line.status === "restored") rebuilt.push(`restored '${line.model}'\n`);
      if (line.status === "skipped") rebuilt.push(`left out '${line.model}': ${line.reason}\n`);
      if (line.status === "bad") bad.push(line);
      if (line.status === "verified") verified++;
    }
  } finally {
    progress.clear();
    cli.stdout.write(rebuilt.join(""));
    cli.stdout.write(bad.map(badText).join(""));
    cli.stdout.write(`${verified} verified, ${bad.length} bad\n`);
  }
  if (bad.length === 0) return;
  const models = [...new Set(bad.flatMap((line) => line.models))];
  const remedy =
    models.length === 0 ? "no model needs them" : `create, pull or import again: ${models.join(", ")}`;
  throw new Error(`there are bad blobs; ${remedy}`);
}

function badText({ digest, reason, models, quarantined }: Bad): string {
  const moved = quarantined ? ", moved to quarantine" : "";
  const users = models.length === 0 ? "needed by no model" : `needed by ${models.join(", ")}`;
  return `bad ${digest}: ${reason}${moved}; ${users}\n`;
}
