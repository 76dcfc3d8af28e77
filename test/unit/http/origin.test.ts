import { describe, expect, test } from "bun:test";
import { originRule } from "../../../src/http/origin.ts";

const host = "127.0.0.1:11434";
const ask = (origin: string | null, method = "GET", configured: string[] = []) =>
  originRule(configured)({ origin, method, host });

describe("no foreign origin", () => {
  test.each([null, "", "http://127.0.0.1:11434", "https://127.0.0.1:11434"])(
    "%j passes, OPTIONS too",
    (origin) => {
      expect(ask(origin)).toEqual({ type: "pass" });
      expect(ask(origin, "OPTIONS")).toEqual({ type: "pass" });
    },
  );
});

describe("allowed", () => {
  test.each([
    "http://localhost",
    "https://localhost",
    "http://localhost:3000",
    "https://127.0.0.1:8080",
    "http://0.0.0.0",
    "app://obsidian.md",
    "file://",
    "tauri://localhost",
    "vscode-webview://1abc",
    "vscode-file://vscode-app",
  ])("%s", (origin) => {
    const headers = { "access-control-allow-origin": origin, vary: "Origin" };
    expect(ask(origin)).toEqual({ type: "allow", headers });
    expect(ask(origin, "POST")).toEqual({ type: "allow", headers });
  });

  test("OPTIONS is answered at once", () => {
    expect(ask("http://localhost", "OPTIONS")).toEqual({
      type: "preflight",
      headers: {
        "access-control-allow-origin": "http://localhost",
        vary: "Origin",
        "access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS",
        "access-control-allow-headers":
          "Authorization,Content-Type,User-Agent,Accept,X-Requested-With,OpenAI-Beta,X-API-Key,Anthropic-Version," +
          "Anthropic-Beta,Anthropic-Dangerous-Direct-Browser-Access,X-Stainless-Arch,X-Stainless-Async,X-Stainless-Custom-Poll-Interval,X-Stainless-Helper-Method,X-Stainless-Lang," +
          "X-Stainless-OS,X-Stainless-Package-Version,X-Stainless-Poll-Helper,X-Stainless-Retry-Count," +
          "X-Stainless-Runtime,X-Stainless-Runtime-Version,X-Stainless-Timeout",
        "access-control-max-age": "43200",
      },
    });
  });

  test("configured ones, exact or with a wildcard", () => {
    const configured = ["https://a.example", "https://*.b.example", "chrome-extension://*"];
    for (const origin of ["https://a.example", "https://x.b.example", "chrome-extension://abc"]) {
      expect(ask(origin, "GET", configured).type).toBe("allow");
    }
    for (const origin of ["https://a.example.evil", "https://b.example", "http://a.example"]) {
      expect(ask(origin, "GET", configured).type).toBe("refuse");
    }
  });

  test("all of them", () => {
    const headers = { "access-control-allow-origin": "*" };
    expect(ask("http://evil.com", "GET", ["*"])).toEqual({ type: "allow", headers });
  });
});

test.each([
  "http://evil.com",
  "http://localhost.evil.com",
  "https://127.0.0.1.evil.com",
  "null",
  "ftp://localhost",
])("%s is refused, whatever the method", (origin) => {
  for (const method of ["GET", "POST", "OPTIONS", "HEAD"]) expect(ask(origin, method).type).toBe("refuse");
});
