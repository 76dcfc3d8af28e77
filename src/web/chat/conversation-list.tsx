import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import { Icon, IconButton } from "../parts/icon.tsx";
import { route } from "../route.ts";
import { explain } from "../server.ts";
import type { Conversation } from "./conversation.ts";
import { exported, imported } from "./exported.ts";
import { keep, ordered, remove } from "./store.ts";

const failure = signal("");
/** The conversation that is being renamed, and the one that somebody has asked to delete. */
const renamed = signal<Conversation | undefined>(undefined);
const doomed = signal<Conversation | undefined>(undefined);

/** All conversations of this browser. */
export function ConversationList({ onNew, onOpen }: { onNew(): void; onOpen(): void }) {
  return (
    <aside class="list" aria-label="Conversations">
      <button type="button" class="primary" onClick={onNew}>
        <Icon name="add" />
        New conversation
      </button>
      <ul class="plain">
        {ordered.value.map((conversation) => (
          <Item key={conversation.id} conversation={conversation} onOpen={onOpen} />
        ))}
      </ul>
      {failure.value && <p role="alert">{failure.value}</p>}
      <Transfer />
      <RenameDialog />
      <DeleteDialog />
    </aside>
  );
}

function Item({ conversation, onOpen }: { conversation: Conversation; onOpen(): void }) {
  const { id, title } = conversation;
  return (
    <li>
      <a
        href={`#/chat/${id}`}
        title={title}
        aria-current={id === route.value.id ? "page" : undefined}
        onClick={onOpen}
      >
        {title}
      </a>
      <IconButton icon="edit" name={`Rename “${title}”`} onClick={() => (renamed.value = conversation)} />
      <IconButton icon="remove" name={`Delete “${title}”`} onClick={() => (doomed.value = conversation)} />
    </li>
  );
}

function RenameDialog() {
  const conversation = renamed.value;
  const close = () => (renamed.value = undefined);
  const rename = (event: SubmitEvent) => {
    event.preventDefault();
    if (conversation === undefined || !(event.currentTarget instanceof HTMLFormElement)) return;
    const title = String(new FormData(event.currentTarget).get("title") ?? "").trim();
    if (title !== "") void keep({ ...conversation, title });
    close();
  };
  return (
    <Dialog title="Rename this conversation" open={conversation !== undefined} onClose={close}>
      <form onSubmit={rename}>
        <label>
          <span class="hidden">Title</span>
          <input name="title" required autocomplete="off" value={conversation?.title} />
        </label>
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary">
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function DeleteDialog() {
  const conversation = doomed.value;
  const close = () => (doomed.value = undefined);
  return (
    <Dialog title="Delete this conversation?" open={conversation !== undefined} onClose={close}>
      <p>“{conversation?.title}” is kept in this browser only, and will be gone.</p>
      <div class="buttons">
        <button type="button" onClick={close}>
          Keep it
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            if (conversation !== undefined) void remove([conversation.id]);
          }}
        >
          Delete
        </button>
      </div>
    </Dialog>
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
    const { conversations, damaged } = imported(await file.text());
    for (const conversation of conversations) await keep(conversation);
    if (damaged > 0)
      failure.value = `${damaged} of ${damaged + conversations.length} conversations in this file are damaged and were left out.`;
  } catch (error) {
    failure.value = explain(error);
  }
}
