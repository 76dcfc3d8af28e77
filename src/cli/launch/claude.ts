import { type CodingAgent, keyOrAny } from "./agent.ts";

/** Claude Code gives up on a stream without content after five minutes, pings or not: long prompts take longer on a CPU. */
const TIMEOUT_MS = "3000000";

export const claude: CodingAgent = {
  title: "Claude Code",
  program: "claude",
  install: "npm install -g @anthropic-ai/claude-code",
  leastContext: 32_768,
  recipe: (target) => ({
    env: {
      ANTHROPIC_BASE_URL: target.url,
      ANTHROPIC_AUTH_TOKEN: keyOrAny(target),
      // A key of the user's would go before the token.
      ANTHROPIC_API_KEY: "",
      ANTHROPIC_DEFAULT_OPUS_MODEL: target.model,
      ANTHROPIC_DEFAULT_SONNET_MODEL: target.model,
      ANTHROPIC_DEFAULT_HAIKU_MODEL: target.model,
      CLAUDE_CODE_SUBAGENT_MODEL: target.model,
      CLAUDE_CODE_ATTRIBUTION_HEADER: "0",
      CLAUDE_CODE_TOTAL_TOKENS_REMINDER: "off",
      CLAUDE_CODE_AUTO_COMPACT_WINDOW: String(target.contextLength),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
      CLAUDE_CODE_DISABLE_FEEDBACK_SURVEY: "1",
      CLAUDE_STREAM_IDLE_TIMEOUT_MS: TIMEOUT_MS,
      API_TIMEOUT_MS: TIMEOUT_MS,
      DISABLE_ERROR_REPORTING: "1",
      DISABLE_FEEDBACK_COMMAND: "1",
    },
    args: ["--model", target.model],
  }),
};
