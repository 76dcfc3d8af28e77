import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { route } from "../route.ts";
import { explain } from "../server.ts";
import { exported, imported } from "./conversation.ts";
import { keep, ordered, remove } from "./store.ts";

const failure = signal("");

/** All conversations of this browser. */
export function ConversationList({ onNew }: { onNew(): void }) {
  return (
    <aside class="list" aria-label="Conversations">
      <button type="button" class="primary" onClick={onNew}>
        New conversation
      </button>
      <ul class="plain">
        {ordered.value.map(({ id, title }) => (
          <li key={id}>
            <a href={`#/chat/${id}`} aria-current={id === route.value.id ? "page" : undefined}>
              {title}
            </a>
            <button type="button" aria-label={`Delete “${title}”`} onClick={() => void remove([id])}>
              ×
            </button>
          </li>
        ))}
      </ul>
      {failure.value && <p role="alert">{failure.value}</p>}
      <Transfer />
    </aside>
  );
}

function Transfer() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="buttons">
      <button type="button" disabled={ordered.value.length === 0} onClick={save}>
        Export
      </button>
      <button type="button" onClick={() => input.current?.click()}>
        Import
      </button>
      <input
        ref={input}
        class="hidden"
        type="file"
        accept="application/json"
        tabIndex={-1}
        aria-label="Conversations to import"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          if (file) void restore(file);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}

function save(): void {
  const text = JSON.stringify(exported(ordered.value), undefined, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `llamero-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function restore(file: File): Promise<void> {
  try {
    failure.value = "";
    for (const conversation of imported(await file.text())) await keep(conversation);
  } catch (error) {
    failure.value = explain(error);
  }
}
