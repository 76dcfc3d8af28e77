/**
 * Asks a server for its version again and again, in a process of its own: who sends large bodies is too busy to notice a reply.
 * `strain-child.ts URL PID`; a line on stdin ends it, and it prints the longest that the server's own thread worked between two replies,
 * in milliseconds of processor time. Linux only.
 */
import { readFileSync } from "node:fs";

const PROBE_EVERY_MS = 50;

const [url = "", pid = ""] = process.argv.slice(2);
let over = false;
let longest = 0;

const threadMs = (): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;

async function probe(): Promise<void> {
  const started = threadMs();
  await (await fetch(`${url}/api/version`)).text();
  longest = Math.max(longest, threadMs() - started);
}

void Bun.stdin.text().then(() => {
  over = true;
});
await probe();
longest = 0;
console.log("ready");
while (!over) {
  await probe();
  await Bun.sleep(PROBE_EVERY_MS);
}
console.log(longest);
