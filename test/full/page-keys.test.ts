/** The page of a server that asks for API keys, in Chromium. */
import { expect, test } from "bun:test";
import { requireChromium } from "../../scripts/support/chromium.ts";
import { findingsOn } from "../support/axe.ts";
import { OfflineBrowser } from "../support/browser.ts";
import { smollm2 } from "../support/models.ts";
import { screenshot } from "../support/page.ts";
import { createModel, startServer } from "../support/server.ts";

const LIMIT_MS = 240_000;

test(
  "a server with API keys: asked for, refused, and a narrow one opens what it opens",
  async () => {
    await requireChromium();
    await using guarded = await startServer({ OLLAMA_ALLOWED_HOSTS: "llamero.local" });
    await createModel(guarded, "smollm2", await smollm2(), {
      parameters: { temperature: 0, num_predict: 8 },
    });
    const keyOf = async (name: string, scope: string, key?: string): Promise<string> => {
      const reply = await fetch(`${guarded.url}/api/keys`, {
        method: "POST",
        body: JSON.stringify({ name, scopes: [scope] }),
        ...(key !== undefined && { headers: { authorization: `Bearer ${key}` } }),
      });
      const made = (await reply.json()) as { key: string };
      return made.key;
    };
    const admin = await keyOf("ada", "admin");
    const narrow = await keyOf("guest", "infer", admin);
    await using other = await OfflineBrowser.launch(guarded.port);
    const guest = await other.context.newPage();
    await guest.goto(other.url);
    const dialog = guest.getByRole("dialog", { name: "API key" });
    await dialog.getByLabel("Key").fill("llamero-wrong");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByText("does not know the API key").waitFor();
    expect(await findingsOn(guest)).toEqual([]);
    await guest.screenshot({ path: screenshot("key") });
    await dialog.getByLabel("Key").fill(narrow);
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "hidden" });
    await guest.getByLabel("Model").selectOption("smollm2:latest");
    await guest.getByPlaceholder("Write a message").fill("Name a colour.");
    await guest.keyboard.press("Enter");
    await guest.getByText(/\d+ tokens, /).waitFor();
    await guest.goto(`${other.url}/#/models`);
    await guest.getByRole("button", { name: "Delete smollm2:latest" }).click();
    await guest.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await guest.getByText('the API key "guest" does not have the scope "manage"').waitFor();
    await guest.goto(`${other.url}/#/activity`);
    await guest.getByRole("row", { name: /smollm2:latest 0 of 1/ }).waitFor();
    await guest.getByText('does not have the scope "manage"').waitFor();
    await guest.getByRole("button", { name: "API key" }).click();
    await dialog.getByLabel("Key").fill(admin);
    await dialog.getByRole("button", { name: "Save" }).click();
    await guest.getByText("Numbers: Requests").waitFor();
    expect(other.strayed).toEqual([]);
  },
  LIMIT_MS,
);
