import { defineConfig } from "vitepress";
import { extend } from "./markdown.ts";

const page = (text: string, link: string) => ({ text, link });

/** The site that `bun run docs` builds, and that llamero serves at /docs/. It loads nothing from anywhere else. */
export default defineConfig({
  title: "llamero",
  description: "A local server for large language models",
  base: "/docs/",
  cleanUrls: true,
  ignoreDeadLinks: "localhostLinks",
  markdown: {
    config: extend,
    languageAlias: { modelfile: "docker" },
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      // Out of the site: with the slash at its end VitePress leaves the path as it is.
      { text: "Chat", link: "/../", target: "_self" },
      { text: "API", link: "/../swagger/", target: "_self" },
    ],
    sidebar: [
      {
        text: "Start",
        items: [
          page("Quick start", "/quick-start"),
          page("Command line", "/cli"),
          page("API by example", "/api"),
          page("OpenAI's API", "/openai"),
          page("OpenAI's API, field by field", "/openai-fields"),
          page("Anthropic's API", "/anthropic"),
          page("Anthropic's API, field by field", "/anthropic-fields"),
          page("Agents and editors", "/agents-and-editors"),
          page("Coding agents", "/agents"),
          page("Answers from documents", "/rag"),
          page("Decisions", "/decisions"),
        ],
      },
      {
        text: "Models",
        items: [
          page("Modelfiles", "/modelfile"),
          page("Import and quantize", "/import-and-quantize"),
          page("Templates", "/templates"),
          page("Pictures and sounds", "/vision"),
          page("Context and memory", "/context-and-memory"),
          page("GPUs", "/gpu"),
          page("Speed", "/speed"),
        ],
      },
      {
        text: "Running it",
        items: [
          page("Configuration", "/configuration"),
          page("Deployment", "/deployment"),
          page("Security", "/security"),
          page("API keys", "/keys"),
          page("Watching a server", "/observability"),
          page("Moving from Ollama", "/moving-from-ollama"),
          page("Differences from Ollama", "/behaviour/differences"),
          page("Troubleshooting", "/troubleshooting"),
          page("Questions", "/faq"),
        ],
      },
      {
        text: "To the word",
        items: [
          page("Behaviour", "/behaviour/README"),
          page("Native API", "/behaviour/api-native"),
          page("/v1", "/behaviour/api-openai"),
          page("llamero's own API", "/behaviour/api-llamero"),
          page("Which fields count", "/behaviour/policy"),
          page("API keys, to the word", "/behaviour/keys"),
          page("Modelfiles and templates", "/behaviour/modelfile"),
          page("Command line", "/behaviour/cli"),
          page("Scheduler and environment", "/behaviour/scheduler-and-env"),
          page("Registry and store", "/behaviour/registry-and-store"),
          page("Published layouts", "/behaviour/published-layouts"),
          page("Architecture", "/architecture"),
          page("Scheduler", "/scheduler"),
          page("Adding things", "/adding"),
        ],
      },
    ],
  },
});
