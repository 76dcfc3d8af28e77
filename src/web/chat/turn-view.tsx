import { useState } from "preact/hooks";
import type { AnswerMetrics, ToolCall } from "../../client/index.ts";
import { MarkdownView } from "../markdown/markdown-view.tsx";
import { copy } from "../parts/copy.ts";
import { IconButton } from "../parts/icon.tsx";
import { imageUrl } from "./attachments.ts";
import type { AttachedFile, Turn } from "./conversation.ts";

interface TurnProps {
  turn: Turn;
  /** It is being answered now. */
  growing: boolean;
  onEdit: ((content: string) => void) | undefined;
  onRegenerate: (() => void) | undefined;
}

export function TurnView({ turn, growing, onEdit, onRegenerate }: TurnProps) {
  const [editing, setEditing] = useState(false);
  if (editing && onEdit)
    return <Editor text={turn.content} onCancel={() => setEditing(false)} onDone={onEdit} />;
  const isUser = turn.role === "user";
  return (
    <article class={`turn ${turn.role}`} aria-label={isUser ? "You" : "Answer"}>
      {turn.images?.map((data, index) => (
        <img key={index} src={imageUrl(data)} alt={`Attached ${index + 1}`} />
      ))}
      <Files files={turn.files ?? []} />
      {turn.thinking && <Thinking text={turn.thinking} open={growing && turn.content === ""} />}
      {isUser && turn.content !== "" && (
        <div class="body">
          <p class="said">{turn.content}</p>
        </div>
      )}
      {!isUser && <MarkdownView text={turn.content} />}
      {turn.toolCalls?.map((call, index) => (
        <Call key={index} call={call} />
      ))}
      {growing && turn.content === "" && !turn.thinking && <Waiting />}
      {turn.error && <p role="alert">{turn.error}</p>}
      {turn.stopped && <p class="quiet">Stopped.</p>}
      {!growing && (
        <footer>
          {turn.metrics && <Metrics metrics={turn.metrics} />}
          <IconButton icon="copy" name="Copy" onClick={() => void copy(turn.content)} />
          {isUser && onEdit && <IconButton icon="edit" name="Edit" onClick={() => setEditing(true)} />}
          {!isUser && onRegenerate && (
            <IconButton icon="regenerate" name="Regenerate" onClick={onRegenerate} />
          )}
        </footer>
      )}
    </article>
  );
}

function Files({ files }: { files: readonly AttachedFile[] }) {
  return (
    <>
      {files.map(({ name, text }, index) => (
        <details key={index} class="files">
          <summary>{name}</summary>
          <pre tabIndex={0}>{text}</pre>
        </details>
      ))}
    </>
  );
}

/** Nothing has come yet. */
function Waiting() {
  return (
    <div class="waiting" role="status" aria-label="The model reads">
      <i />
      <i />
      <i />
    </div>
  );
}

function Thinking({ text, open }: { text: string; open: boolean }) {
  return (
    <details class="thinking" open={open}>
      <summary>Thinking</summary>
      <p>{text}</p>
    </details>
  );
}

function Call({ call }: { call: ToolCall }) {
  return (
    <details class="call" open>
      <summary>
        Calls <code>{call.function.name}</code>
      </summary>
      <pre tabIndex={0}>{JSON.stringify(call.function.arguments, undefined, 2)}</pre>
    </details>
  );
}

/** Counts of an answer; those from the cache were not evaluated again. */
type Counts = AnswerMetrics & { prompt_eval_cached_count?: number };

function Metrics({ metrics }: { metrics: Counts }) {
  const { eval_count: tokens = 0, eval_duration: nanoseconds = 0, prompt_eval_count: prompt = 0 } = metrics;
  const cached = metrics.prompt_eval_cached_count ?? 0;
  const rate = nanoseconds > 0 ? (tokens / nanoseconds) * 1e9 : 0;
  return (
    <span class="quiet">
      {tokens} tokens, {rate.toFixed(1)} per second · {prompt} in the prompt
      {cached > 0 && `, ${cached} from the cache`}
    </span>
  );
}

function Editor({ text, onCancel, onDone }: { text: string; onCancel(): void; onDone(text: string): void }) {
  const [value, setValue] = useState(text);
  const submit = (event: Event) => {
    event.preventDefault();
    onDone(value);
  };
  return (
    <form class="turn user" onSubmit={submit}>
      <label>
        <span class="hidden">Message</span>
        <textarea
          rows={Math.min(12, value.split("\n").length + 1)}
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
        />
      </label>
      <div class="buttons">
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" class="primary">
          Send
        </button>
      </div>
    </form>
  );
}
