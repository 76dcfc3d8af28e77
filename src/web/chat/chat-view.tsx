import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { chatModels, listed, modelOf, running } from "../models/state.ts";
import { IconButton } from "../parts/icon.tsx";
import { go, route } from "../route.ts";
import { answering, answerTurn } from "./ask.ts";
import { Composer, type Draft } from "./composer.tsx";
import { asked, before, type Conversation, newConversation, type Turn } from "./conversation.ts";
import { ConversationList } from "./conversation-list.tsx";
import { SettingsPanel } from "./settings-panel.tsx";
import { conversations, current, keep, loaded } from "./store.ts";
import { TurnView } from "./turn-view.tsx";

/** The new conversation, which is not stored before its first message. */
const fresh = signal<Conversation>(newConversation("", Date.now()));
const showsSettings = signal(false);
const showsList = signal(false);

/** The model of the latest conversation, else the first that is installed. */
function likelyModel(): string {
  const latest = [...conversations.value.values()].sort((a, b) => b.changed - a.changed)[0]?.model;
  const models = chatModels();
  return models.find(({ name }) => name === latest)?.name ?? models[0]?.name ?? "";
}

export function ChatView() {
  const conversation = current.value ?? fresh.value;
  const model = conversation.model || likelyModel();
  useEffect(() => {
    if (loaded.value && route.value.id !== "" && current.value === undefined) go("chat");
  }, [route.value.id, loaded.value, current.value === undefined]);
  const shown = { ...conversation, model };
  return (
    <div class={`chat ${showsList.value ? "with-list" : ""} ${showsSettings.value ? "with-settings" : ""}`}>
      <ConversationList
        onNew={() => {
          fresh.value = newConversation(model, Date.now());
          showsList.value = false;
          go("chat");
        }}
        onOpen={() => (showsList.value = false)}
      />
      <main>
        <Bar conversation={shown} />
        <Turns conversation={shown} onAsk={(content) => send(shown, { content })} />
        <Composer key={shown.id} conversation={shown} onSend={(draft) => send(shown, draft)} />
      </main>
      {showsSettings.value && (
        <SettingsPanel conversation={shown} onChange={change} onClose={() => (showsSettings.value = false)} />
      )}
    </div>
  );
}

function change(conversation: Conversation): void {
  if (current.value === undefined) fresh.value = conversation;
  else void keep(conversation);
}

function send(conversation: Conversation, draft: Draft): void {
  const next = asked(conversation, draft, Date.now());
  go("chat", next.id);
  void answerTurn(next);
}

/** Answers the message before a turn anew, perhaps with another text. */
function again(conversation: Conversation, question: Turn, content: string): void {
  const { images, files } = question;
  send(before(conversation, question.id), { content, ...(images && { images }), ...(files && { files }) });
}

function Bar({ conversation }: { conversation: Conversation }) {
  const models = chatModels();
  const context = conversation.turns.at(-1)?.metrics;
  const used = (context?.prompt_eval_count ?? 0) + (context?.eval_count ?? 0);
  const loaded = running.value.find(({ name }) => name === conversation.model);
  const size = conversation.settings.numCtx ?? loaded?.context_length;
  return (
    <div class="bar">
      <IconButton
        icon="list"
        name="Conversations"
        class="only-narrow"
        expanded={showsList.value}
        onClick={() => (showsList.value = !showsList.value)}
      />
      <label>
        <span class="hidden">Model</span>
        <select
          value={conversation.model}
          onChange={(event) => change({ ...conversation, model: event.currentTarget.value })}
        >
          {!models.some(({ name }) => name === conversation.model) && (
            <option value={conversation.model}>{conversation.model || "no model installed"}</option>
          )}
          {models.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {used > 0 && (
        <span class="quiet" title="Tokens of the conversation that the model had at its last answer">
          {size !== undefined && (
            <meter aria-label="Context used" min={0} max={size} high={size * 0.9} value={used} />
          )}{" "}
          {used.toLocaleString("en")}
          {size === undefined ? "" : ` of ${size.toLocaleString("en")}`} tokens of context
        </span>
      )}
      <IconButton
        icon="settings"
        name="Settings"
        class="end"
        expanded={showsSettings.value}
        onClick={() => (showsSettings.value = !showsSettings.value)}
      />
    </div>
  );
}

/** So close to the end, in pixels, one follows the answer. */
const NEAR = 80;

function Turns({ conversation, onAsk }: { conversation: Conversation; onAsk(content: string): void }) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const { turns } = conversation;
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  });
  const isAnswering = answering.value.has(conversation.id);
  return (
    <div
      class="turns"
      ref={box}
      role="log"
      aria-label="Conversation"
      aria-busy={isAnswering}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
      }}
    >
      {turns.length === 0 && <Welcome model={conversation.model} onAsk={onAsk} />}
      {turns.map((turn, index) => (
        <TurnView
          key={turn.id}
          turn={turn}
          growing={isAnswering && index === turns.length - 1}
          onEdit={isAnswering ? undefined : (content) => again(conversation, turn, content)}
          onRegenerate={
            isAnswering || index !== turns.length - 1 || turns[index - 1] === undefined
              ? undefined
              : () => again(conversation, turns[index - 1]!, turns[index - 1]!.content)
          }
        />
      ))}
    </div>
  );
}

/** To begin with, for whoever wants to see how a model talks. */
const IDEAS = [
  "Explain how a hash table works.",
  "Write a regular expression for ISO dates.",
  "Suggest a name for a small boat.",
];

function Welcome({ model, onAsk }: { model: string; onAsk(content: string): void }) {
  if (!listed.value) return null;
  if (model === "")
    return (
      <div class="welcome">
        <h1>No model is installed yet</h1>
        <p>
          <a href="#/models">Pull one</a> to begin.
        </p>
      </div>
    );
  const details = modelOf(model)?.details;
  return (
    <div class="welcome">
      <h1>What shall we talk about?</h1>
      <p>
        {model}
        {details && ` · ${details.parameter_size} ${details.quantization_level}`}
      </p>
      <p>Everything stays on this server and in this browser.</p>
      <div class="ideas">
        {IDEAS.map((idea) => (
          <button key={idea} type="button" class="idea" onClick={() => onAsk(idea)}>
            {idea}
          </button>
        ))}
      </div>
    </div>
  );
}
