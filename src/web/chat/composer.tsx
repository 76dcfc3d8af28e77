import { useRef, useState } from "preact/hooks";
import { modelOf } from "../models/state.ts";
import { IconButton } from "../parts/icon.tsx";
import { explain } from "../server.ts";
import { answering, stop } from "./ask.ts";
import { type Attachments, attach, imageUrl, NO_ATTACHMENTS } from "./attachments.ts";
import type { Conversation, Turn } from "./conversation.ts";
import { notKept } from "./store.ts";

export type Draft = Pick<Turn, "content" | "images" | "files">;

/** How tall it grows with what is written, as a part of the window. */
const TALLEST = 0.4;

/** As tall as its text, wrapped lines included. Runs whenever it is drawn. */
function growToText(field: HTMLTextAreaElement | null): void {
  if (field === null) return;
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, innerHeight * TALLEST)}px`;
}

/** Where one writes. Enter sends, Shift and Enter begins a line, Escape stops an answer. */
export function Composer({
  conversation,
  onSend,
}: {
  conversation: Conversation;
  onSend(draft: Draft): void;
}) {
  const [content, setContent] = useState("");
  const [attached, setAttached] = useState<Attachments>(NO_ATTACHMENTS);
  const [failure, setFailure] = useState("");
  const isAnswering = answering.value.has(conversation.id);
  const { images, files } = attached;
  const canSend = conversation.model !== "" && (content.trim() !== "" || images.length + files.length > 0);
  const send = () => {
    if (!canSend || isAnswering) return;
    onSend({ content, ...attached });
    setContent("");
    setAttached(NO_ATTACHMENTS);
  };
  const add = async (files: readonly File[]) => {
    try {
      setFailure("");
      setAttached(await attach(attached, files));
    } catch (error) {
      setFailure(explain(error));
    }
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") stop(conversation.id);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void add([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      {(failure || notKept.value) && <p role="alert">{failure || notKept.value}</p>}
      <div class="box">
        <Attached attached={attached} onChange={setAttached} />
        <label>
          <span class="hidden">Message</span>
          <textarea
            ref={growToText}
            rows={1}
            placeholder="Write a message"
            value={content}
            onInput={(event) => setContent(event.currentTarget.value)}
            onKeyDown={keys}
            onPaste={(event) => {
              const files = [...(event.clipboardData?.files ?? [])];
              if (files.length > 0) void add(files);
            }}
          />
        </label>
        <div class="buttons">
          <AttachButton
            sees={modelOf(conversation.model)?.capabilities?.includes("vision") === true}
            onFiles={add}
          />
          <span class="quiet hint">
            <kbd>Enter</kbd> sends, <kbd>Shift</kbd> <kbd>Enter</kbd> begins a line, <kbd>Esc</kbd> stops
          </span>
          {isAnswering ? (
            <IconButton icon="stop" name="Stop" class="primary" onClick={() => stop(conversation.id)} />
          ) : (
            <IconButton icon="send" name="Send" class="primary" submits disabled={!canSend} />
          )}
        </div>
      </div>
    </form>
  );
}

function AttachButton({ sees, onFiles }: { sees: boolean; onFiles(files: File[]): Promise<void> }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        class="hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-label="Files to attach"
        onChange={(event) => {
          void onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <IconButton
        icon="attach"
        name={sees ? "Attach pictures and text files" : "Attach text files"}
        onClick={() => input.current?.click()}
      />
    </>
  );
}

function Attached({ attached, onChange }: { attached: Attachments; onChange(attached: Attachments): void }) {
  const { images, files } = attached;
  if (images.length + files.length === 0) return null;
  return (
    <ul class="attached plain">
      {images.map((data, index) => (
        <li key={`image ${index}`}>
          <img class="thumbnail" src={imageUrl(data)} alt={`To attach ${index + 1}`} />
          <IconButton
            icon="close"
            name={`Remove picture ${index + 1}`}
            onClick={() => onChange({ files, images: images.filter((_, at) => at !== index) })}
          />
        </li>
      ))}
      {files.map(({ name }, index) => (
        <li key={`file ${index}`}>
          {name}
          <IconButton
            icon="close"
            name={`Remove ${name}`}
            onClick={() => onChange({ images, files: files.filter((_, at) => at !== index) })}
          />
        </li>
      ))}
    </ul>
  );
}
