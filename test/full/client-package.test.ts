/** The package `@llamero/client` in Chromium, on a page of another origin than the server's. */
import { expect, test } from "bun:test";
import { join } from "node:path";
import { requireChromium } from "../../scripts/support/chromium.ts";
import { OfflineBrowser } from "../support/browser.ts";
import { clientProject, TOUR } from "../support/client-project.ts";
import { smollm2 } from "../support/models.ts";
import { createModel, startServer } from "../support/server.ts";

const PAGE = `<!doctype html>
<script type="importmap">{ "imports": { "@llamero/client": "/node_modules/@llamero/client/dist/index.js" } }</script>
<script type="module">
  import { tour } from "/tour.js";
  document.title = JSON.stringify(await tour(location.hash.slice(1), "smollm2").catch((error) => String(error)));
</script>`;

test("a page talks to the server", async () => {
  await requireChromium();
  await using project = await clientProject();
  await using web = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === "/") return new Response(PAGE, { headers: { "content-type": "text/html" } });
      return new Response(Bun.file(join(project.folder, pathname)));
    },
  });
  const origin = `http://llamero.local:${web.port}`;
  await using server = await startServer({ OLLAMA_ORIGINS: origin, OLLAMA_ALLOWED_HOSTS: "llamero.local" });
  await createModel(server, "smollm2", await smollm2(), { parameters: { temperature: 0 } });
  await using browser = await OfflineBrowser.launch(web.port ?? 0, [server.port]);
  const page = await browser.context.newPage();
  await page.goto(`${browser.url}/#http://llamero.local:${server.port}`);
  await page.waitForFunction("document.title !== ''", undefined, { timeout: 60_000 });
  expect(JSON.parse(await page.title())).toEqual(TOUR);
  expect(browser.strayed).toEqual([]);
}, 240_000);
