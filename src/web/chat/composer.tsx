import { useRef, useState } from "preact/hooks";
import { modelOf } from "../models/state.ts";
import { explain } from "../server.ts";
import { answering, stop } from "./ask.ts";
import { type Attachments, attach, imageUrl, NO_ATTACHMENTS } from "./attachments.ts";
import type { Conversation, Turn } from "./conversation.ts";

export type Draft = Pick<Turn, "content" | "images" | "files">;

const MOST_ROWS = 10;

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
  const canSend = conversation.model !== "" && (content.trim() !== "" || attached.images.length > 0);
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
      {failure && <p role="alert">{failure}</p>}
      <Attached attached={attached} onChange={setAttached} />
      <label>
        <span class="hidden">Message</span>
        <textarea
          rows={Math.min(MOST_ROWS, content.split("\n").length)}
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
        {isAnswering ? (
          <button type="button" class="primary" onClick={() => stop(conversation.id)}>
            Stop
          </button>
        ) : (
          <button type="submit" class="primary" disabled={!canSend}>
            Send
          </button>
        )}
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
      <button
        type="button"
        title={sees ? "Pictures and text files" : "Text files; this model sees no pictures"}
        onClick={() => input.current?.click()}
      >
        Attach
      </button>
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
          <img src={imageUrl(data)} alt={`To attach ${index + 1}`} />
          <button
            type="button"
            aria-label={`Remove picture ${index + 1}`}
            onClick={() => onChange({ files, images: images.filter((_, at) => at !== index) })}
          >
            ×
          </button>
        </li>
      ))}
      {files.map(({ name }) => (
        <li key={name}>
          {name}
          <button
            type="button"
            aria-label={`Remove ${name}`}
            onClick={() => onChange({ images, files: files.filter((file) => file.name !== name) })}
          >
            ×
          </button>
        </li>
      ))}
    </ul>
  );
}
