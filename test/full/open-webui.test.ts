/** open-webui (PyPI) on llamero, used in Chromium as a person would: models pulled, made, asked, stopped, unloaded and deleted. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OfflineBrowser } from "../support/browser.ts";
import { allMiniLm } from "../support/models.ts";
import type { RegistryServer } from "../support/registry-server.ts";
import { createModel, deriveModel, OFFLINE, startServer, type TestServer } from "../support/server.ts";
import { type OpenWebUi, startOpenWebUi } from "./open-webui/app.ts";
import { PLAIN_TEMPLATE, startSlowRegistry } from "./open-webui/models.ts";
import { requests } from "./open-webui/requests.ts";
import { Screens } from "./open-webui/screens.ts";
import { until } from "./open-webui/until.ts";

const LIMIT_MS = 600_000;
const EMBEDDER = "all-minilm:latest";

let registry: RegistryServer;
let server: TestServer;
let app: OpenWebUi;
let browser: OfflineBrowser;
let screens: Screens;
/** The model's name in the registry, and then on the server. */
let pulled: string;
const complaints: string[] = [];

beforeAll(async () => {
  registry = await startSlowRegistry("smollm2:latest");
  pulled = `${registry.host}/library/smollm2:latest`;
  server = await startServer({
    ...OFFLINE,
    OLLAMA_ALLOWED_REGISTRIES: registry.host,
    OLLAMA_MAX_LOADED_MODELS: "2",
  });
  await createModel(server, "all-minilm", await allMiniLm());
  app = await startOpenWebUi(server.url, EMBEDDER);
  browser = await OfflineBrowser.launch(app.port);
  const page = await browser.context.newPage();
  page.on("pageerror", (error) => complaints.push(String(error)));
  screens = await Screens.open(page, browser.url);
}, 1_200_000);

afterAll(async () => {
  await browser?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
  await server?.stop();
  await registry?.[Symbol.asyncDispose]();
}, 60_000);

interface Model {
  name: string;
  details: { parameter_size: string };
}

/** The models that there are, or that are loaded. */
async function models(path: "/api/tags" | "/api/ps"): Promise<Model[]> {
  const reply = await fetch(`${server.url}${path}`);
  return ((await reply.json()) as { models: Model[] }).models;
}

const names = async (path: "/api/tags" | "/api/ps"): Promise<string[]> =>
  (await models(path)).map(({ name }) => name).sort();

/** Chats that are over: answers, and what open-webui asks for on the side. */
const chats = () => requests(server).filter(({ path }) => path === "/api/chat");

test(
  "a pull from the administrator's dialog shows its progress",
  async () => {
    const dialog = await screens.manageModels();
    const shares = await screens.pull(dialog, pulled);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(await names("/api/tags")).toEqual([pulled, EMBEDDER]);
  },
  LIMIT_MS,
);

test(
  "a model is made of the pulled one in the same dialog",
  async () => {
    const dialog = await screens.manageModels();
    await screens.create(dialog, "chatty:latest", {
      model: "chatty:latest",
      from: pulled,
      parameters: { num_predict: 4000, stop: ["<|im_end|>"] },
    });
    await until(async () => (await names("/api/tags")).includes("chatty:latest"), "the new model");
  },
  LIMIT_MS,
);

test(
  "the list of models is the server's",
  async () => {
    await screens.newChat();
    const options = await screens.models();
    await screens.screenshot("models");
    const texts = (await options.allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());
    const expected = (await models("/api/tags")).map(
      ({ name, details }) => `${name} ${details.parameter_size}`,
    );
    expect(texts.toSorted()).toEqual(expected.toSorted());
  },
  LIMIT_MS,
);

test(
  "an answer of the pulled model grows while it is written, and title, follow-ups and tags come after it",
  async () => {
    await screens.newChat(pulled);
    const { text, before } = await screens.ask("Tell me about the sea.");
    await screens.screenshot("answered");
    expect(text).toMatch(/\w+ \w+ \w+/);
    const lengths = new Set(before.map(({ length }) => length));
    expect(lengths.size).toBeGreaterThanOrEqual(2);
    expect(Math.max(...lengths)).toBeLessThan(text.length);
    await until(() => chats().length === 4, "title, answer, follow-ups and tags");
    expect(chats().filter(({ status, cancelled }) => status !== 200 || cancelled)).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "the stop button ends an answer and frees the model for the next one",
  async () => {
    await screens.newChat("chatty:latest");
    await screens.send("Tell me about the sea.");
    await screens.untilAnswerHas(/\w+ \w+/);
    await screens.screenshot("before-stop");
    await screens.stop();
    await screens.untilAnswered();
    await until(() => chats().some(({ cancelled }) => cancelled), "the server to notice");
    // There is one slot: this waits for the end of whatever is still in it.
    const reply = await fetch(`${server.url}/api/generate`, {
      method: "POST",
      body: JSON.stringify({ model: "chatty", prompt: "Hi", stream: false, options: { num_predict: 1 } }),
    });
    expect(await reply.json()).toMatchObject({ done: true, eval_count: 1 });
    await screens.screenshot("stopped");
  },
  LIMIT_MS,
);

test(
  "a loaded model is unloaded from the list of models",
  async () => {
    await screens.newChat();
    const [loaded = ""] = await names("/api/ps");
    const option = (await screens.models()).filter({ hasText: loaded });
    await option.hover();
    await screens.screenshot("eject");
    await option.getByRole("button", { name: "Eject model" }).click();
    await until(async () => (await names("/api/ps")).length === 0, "the model to be unloaded");
    await screens.screenshot("ejected");
  },
  LIMIT_MS,
);

test(
  "a document is embedded, found and answered from",
  async () => {
    await screens.newChat(pulled);
    await screens.attach(
      "lighthouse.txt",
      "The lighthouse of Port Ellery was built in 1843. Its lamp is green.\n",
    );
    const { text } = await screens.ask("When was the lighthouse of Port Ellery built?");
    await screens.screenshot("document");
    expect(text).toContain("1843");
    await screens.page.getByText("1 Source", { exact: true }).waitFor();
    const embeds = requests(server).filter(({ path }) => path === "/api/embed");
    // The document and the question.
    expect(embeds.length).toBeGreaterThanOrEqual(2);
  },
  LIMIT_MS,
);

test(
  "what the server says to tools for a model that knows none is shown as it is",
  async () => {
    await deriveModel(server, "plain", pulled, { template: PLAIN_TEMPLATE });
    await screens.newChat("plain:latest");
    await screens.send("Hello");
    await screens.untilAnswerHas(/registry\.ollama\.ai\/library\/plain:latest does not support tools/);
    await screens.screenshot("no-tools");
  },
  LIMIT_MS,
);

test(
  "a model is deleted in the administrator's dialog",
  async () => {
    const dialog = await screens.manageModels();
    await screens.delete(dialog, "plain:latest");
    await until(async () => !(await names("/api/tags")).includes("plain:latest"), "the model to be deleted");
    await screens.screenshot("deleted");
  },
  LIMIT_MS,
);

test("no request failed but the one with tools, and nobody else was asked for anything", () => {
  expect(requests(server).filter(({ status }) => status >= 400)).toEqual([
    { method: "POST", path: "/api/chat", status: 400, cancelled: false },
  ]);
  expect(browser.strayed).toEqual([]);
  expect(complaints).toEqual([]);
});
