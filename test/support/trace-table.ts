import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const ROOT = join(import.meta.dir, "../..");

/** A row of docs/architecture.md's table of one chat request. */
interface TraceStep {
  /** Files that take the request, its prompt or its answer from another one and hand it on. */
  handOn: string[];
  /** Files that are asked for something on the way. */
  asked: string[];
}

export interface TraceTable {
  steps: TraceStep[];
  /** Beginnings of the paths of what runs beside the way, by the reasons that the page gives. */
  beside: string[][];
  /** What the page says: files that hand on; files that run in the server, and in the runner. */
  told: { handOn: number; server: number; runner: number };
}

/** A name without a room is of the room before it, or of the one above that. */
function placed(name: string, before: string): string {
  const room = before.endsWith("/") ? before.slice(0, -1) : dirname(before);
  const places = [
    name,
    join(room, name),
    join(dirname(room), name),
    join(room.split("/", 2).join("/"), name),
  ];
  return places.find((path) => existsSync(join(ROOT, path))) ?? name;
}

function namesIn(cell: string, before = ""): string[] {
  const files: string[] = [];
  for (const [, name = ""] of cell.matchAll(/`([^`]+)`/g)) files.push(placed(name, files.at(-1) ?? before));
  return files;
}

/** What docs/architecture.md says of the way of one chat request. */
export function traceTable(): TraceTable {
  const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  const section = page.split("## One chat request, file by file")[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| \d+ +\|[^|]*\|([^|]*)\|([^|]*)\|$/gm)];
  const steps = rows.map(([, first = "", second = ""]) => {
    const handOn = namesIn(first);
    return { handOn, asked: namesIn(second, handOn.at(-1)) };
  });
  const beside = [...section.matchAll(/^- (`.*?): /gm)].map(([, names = ""]) => namesIn(names));
  const numbers = /\*\*(\d+) files\*\*[^*]*\*\*(\d+) of the server and (\d+) of the runner\*\*/.exec(section);
  const [handOn = 0, server = 0, runner = 0] = (numbers ?? []).slice(1).map(Number);
  return { steps, beside, told: { handOn, server, runner } };
}
