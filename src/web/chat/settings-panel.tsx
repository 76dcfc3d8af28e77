import type { ThinkValue } from "../../client/index.ts";
import { modelOf } from "../models/state.ts";
import { IconButton } from "../parts/icon.tsx";
import type { Conversation, Settings } from "./conversation.ts";

type NumberSetting = (typeof NUMBERS)[number]["key"];

const NUMBERS = [
  { key: "temperature", label: "Temperature", min: 0, max: 2, step: 0.1 },
  { key: "topP", label: "Top p", min: 0, max: 1, step: 0.05 },
  { key: "topK", label: "Top k", min: 0, step: 1 },
  { key: "minP", label: "Min p", min: 0, max: 1, step: 0.01 },
  { key: "repeatPenalty", label: "Repeat penalty", min: 0, max: 2, step: 0.05 },
  { key: "numCtx", label: "Context length, tokens", min: 4, step: 1 },
  { key: "numPredict", label: "Longest answer, tokens", min: -1, step: 1 },
  { key: "seed", label: "Seed", min: -1, step: 1 },
] as const;

const THINKING: readonly ThinkValue[] = [true, false, "low", "medium", "high", "max"];

interface SettingsProps {
  conversation: Conversation;
  onClose(): void;
  onChange(conversation: Conversation): void;
}

/** Settings of a conversation, which go along with every message. An empty field leaves the model's own. */
export function SettingsPanel({ conversation, onChange, onClose }: SettingsProps) {
  const { settings, model } = conversation;
  const set = (change: Settings) => onChange({ ...conversation, settings: change });
  const thinks = modelOf(model)?.capabilities?.includes("thinking") === true;
  return (
    <aside class="settings" aria-label="Settings">
      <div class="row">
        <h2 class="grow">Settings</h2>
        <IconButton icon="close" name="Close this" onClick={onClose} />
      </div>
      <label>
        System prompt
        <textarea
          rows={6}
          value={settings.system}
          onChange={(event) => set({ ...settings, system: event.currentTarget.value })}
        />
      </label>
      {NUMBERS.map(({ key, label, ...range }) => (
        <label key={key}>
          {label}
          <input
            type="number"
            placeholder="the model's own"
            value={settings[key] ?? ""}
            {...range}
            onChange={(event) => set(withNumber(settings, key, event.currentTarget.valueAsNumber))}
          />
        </label>
      ))}
      {thinks && (
        <label>
          Thinking
          <select
            value={String(settings.think ?? "")}
            onChange={(event) => set(withThinking(settings, event.currentTarget.value))}
          >
            <option value="">the model's own</option>
            {THINKING.map((value) => (
              <option key={String(value)} value={String(value)}>
                {value === true ? "on" : value === false ? "off" : value}
              </option>
            ))}
          </select>
        </label>
      )}
    </aside>
  );
}

function withNumber(settings: Settings, key: NumberSetting, value: number): Settings {
  const { [key]: _, ...rest } = settings;
  return Number.isNaN(value) ? rest : { ...rest, [key]: value };
}

function withThinking(settings: Settings, text: string): Settings {
  const { think: _, ...rest } = settings;
  const value = THINKING.find((each) => String(each) === text);
  return value === undefined ? rest : { ...rest, think: value };
}
