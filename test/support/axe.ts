import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";

const AXE = readFileSync(Bun.resolveSync("axe-core/axe.min.js", import.meta.dir), "utf8");

interface AxeFinding {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/**
 * Serious findings of axe, as `rule: element`.
 *
 * @param within a selector of what is looked at; the whole page without.
 */
export async function findingsOn(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(AXE);
  const scope = within === undefined ? "document" : JSON.stringify(within);
  const found = (await page.evaluate(`axe.run(${scope})`)) as { violations: AxeFinding[] };
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
