import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { copy } from "../parts/copy.ts";
import { type MathWriter, mathWriter } from "./formula.ts";
import { hasMath, toHtml } from "./to-html.ts";

/** There once a formula has been seen. */
const math = signal<MathWriter | undefined>(undefined);

async function loadMath(): Promise<void> {
  const { default: temml } = await import("temml");
  math.value = mathWriter(temml);
}

/** A model's Markdown, with a button to copy each block of code. */
export function MarkdownView({ text }: { text: string }) {
  const box = useRef<HTMLDivElement>(null);
  const needsMath = math.value === undefined && hasMath(text);
  useEffect(() => {
    if (needsMath) void loadMath();
  }, [needsMath]);
  const html = useMemo(() => toHtml(text, math.value), [text, math.value]);
  // Before it is painted: while an answer grows this is done in every frame.
  useLayoutEffect(() => {
    for (const block of box.current?.querySelectorAll("pre") ?? []) addHeader(block);
    for (const table of box.current?.querySelectorAll("table") ?? []) focusable(table);
  }, [html]);
  // toHtml has it cleaned by DOMPurify.
  return <div class="markdown" ref={box} dangerouslySetInnerHTML={{ __html: html }} />;
}

/** A keyboard scrolls what is wide once it has the focus. */
function focusable(wide: HTMLElement): void {
  wide.tabIndex = 0;
}

/** Above a block of code: its language, and a button to copy it. */
function addHeader(block: HTMLElement): void {
  if (block.parentElement?.className === "code") return;
  focusable(block);
  const code = block.querySelector("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", () => {
    void copy(code?.textContent ?? "").then(() => {
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    });
  });
  const language = document.createElement("span");
  language.textContent = /language-(\S+)/.exec(code?.className ?? "")?.[1] ?? "";
  const header = document.createElement("header");
  header.append(language, button);
  const frame = document.createElement("div");
  frame.className = "code";
  block.replaceWith(frame);
  frame.append(header, block);
}
