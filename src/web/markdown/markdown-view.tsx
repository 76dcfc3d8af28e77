import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { copy } from "../parts/copy.ts";
import { hasMath, type MathWriter, toHtml } from "./to-html.ts";

/** There once a formula has been seen. */
const math = signal<MathWriter | undefined>(undefined);

async function loadMath(): Promise<void> {
  const { default: temml } = await import("temml");
  math.value = (formula, displayMode) => temml.renderToString(formula, { displayMode, throwOnError: false });
}

/** A model's Markdown, with a button to copy each block of code. */
export function MarkdownView({ text }: { text: string }) {
  const box = useRef<HTMLDivElement>(null);
  const needsMath = math.value === undefined && hasMath(text);
  useEffect(() => {
    if (needsMath) void loadMath();
  }, [needsMath]);
  const html = toHtml(text, math.value);
  useEffect(() => {
    for (const block of box.current?.querySelectorAll("pre") ?? []) addCopyButton(block);
  }, [html]);
  // toHtml has it cleaned by DOMPurify.
  return <div class="markdown" ref={box} dangerouslySetInnerHTML={{ __html: html }} />;
}

function addCopyButton(block: HTMLElement): void {
  if (block.querySelector("button") !== null) return;
  // A keyboard scrolls a wide block once it has the focus.
  block.tabIndex = 0;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", () => {
    void copy(block.querySelector("code")?.textContent ?? "").then(() => {
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = "Copy";
      }, 1500);
    });
  });
  block.append(button);
}
