import { useSignal } from "@preact/signals";
import { unwrap } from "../../client/index.ts";
import { chatModels } from "../models/state.ts";
import { IconButton } from "../parts/icon.tsx";
import { explain, server } from "../server.ts";
import { ModelChoice } from "./model-choice.tsx";
import {
  KINDS,
  type ProbabilityBar,
  questionOf,
  type TrialQuestion,
  type TrialVerdict,
  verdictOf,
} from "./questions.ts";

const EXAMPLES: readonly TrialQuestion[] = [
  { id: "1", kind: "noul", text: "Does the customer want money back?", answers: "" },
  { id: "2", kind: "choice", text: "Which team is to answer?", answers: "billing, technical, sales" },
  { id: "3", kind: "score", text: "How content is the customer?", answers: "angry, neutral, happy" },
];

/** Questions about a text, answered with probabilities. */
export function DecisionsTrial() {
  const questions = useSignal(EXAMPLES);
  const verdicts = useSignal<ReadonlyMap<string, TrialVerdict>>(new Map());
  const failure = useSignal("");
  const busy = useSignal(false);
  const models = chatModels();
  const decide = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    busy.value = true;
    try {
      failure.value = "";
      verdicts.value = await ask(String(form.get("model")), String(form.get("state")), questions.value);
    } catch (error) {
      failure.value = explain(error);
    }
    busy.value = false;
  };
  return (
    <section aria-labelledby="decisions-title">
      <h2 id="decisions-title">Decisions</h2>
      <p class="quiet">Typed questions about one text, answered with probabilities instead of prose.</p>
      {models.length === 0 ? (
        <p>No model that chats is installed.</p>
      ) : (
        <form onSubmit={decide}>
          <ModelChoice models={models} />
          <label>
            Text
            <textarea name="state" rows={3} required value="I was charged twice. Please refund me." />
          </label>
          <QuestionList
            questions={questions.value}
            onChange={(changed) => {
              questions.value = changed;
              verdicts.value = new Map();
            }}
          />
          <div class="buttons">
            <button type="submit" class="primary" disabled={busy.value || questions.value.length === 0}>
              {busy.value ? "Deciding…" : "Decide"}
            </button>
          </div>
        </form>
      )}
      {failure.value && <p role="alert">{failure.value}</p>}
      <div aria-live="polite">
        {questions.value.map((question) => (
          <VerdictView key={question.id} question={question} verdict={verdicts.value.get(question.id)} />
        ))}
      </div>
    </section>
  );
}

interface QuestionListProps {
  questions: readonly TrialQuestion[];
  onChange(questions: readonly TrialQuestion[]): void;
}

function QuestionList({ questions, onChange }: QuestionListProps) {
  const change = (id: string, part: Partial<TrialQuestion>) =>
    onChange(questions.map((each) => (each.id === id ? { ...each, ...part } : each)));
  const add = () => {
    const id = String(1 + Math.max(0, ...questions.map((each) => Number(each.id))));
    onChange([...questions, { id, kind: "noul", text: "", answers: "" }]);
  };
  return (
    <>
      <ol class="questions plain" aria-label="Questions">
        {questions.map((question) => (
          <li key={question.id}>
            <QuestionFields question={question} onChange={(part) => change(question.id, part)} />
            <IconButton
              icon="remove"
              name={`Remove question ${question.id}`}
              onClick={() => onChange(questions.filter(({ id }) => id !== question.id))}
            />
          </li>
        ))}
      </ol>
      <button type="button" onClick={add}>
        Add a question
      </button>
    </>
  );
}

interface QuestionFieldsProps {
  question: TrialQuestion;
  onChange(part: Partial<TrialQuestion>): void;
}

function QuestionFields({ question, onChange }: QuestionFieldsProps) {
  const { kind, text, answers } = question;
  return (
    <>
      <label>
        Kind
        <select value={kind} onChange={({ currentTarget: { value } }) => onChange({ kind: kindOf(value) })}>
          {KINDS.map((each) => (
            <option key={each.kind} value={each.kind}>
              {each.label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Question
        <input required value={text} onInput={({ currentTarget: { value } }) => onChange({ text: value })} />
      </label>
      <label>
        {kind === "score" ? "Levels, the lowest first" : "Answers"}
        <input
          required
          disabled={kind === "noul"}
          placeholder={kind === "noul" ? "yes, no" : "one, another"}
          value={kind === "noul" ? "" : answers}
          onInput={({ currentTarget: { value } }) => onChange({ answers: value })}
        />
      </label>
    </>
  );
}

const kindOf = (value: string): TrialQuestion["kind"] =>
  KINDS.find(({ kind }) => kind === value)?.kind ?? "noul";

function VerdictView({ question, verdict }: { question: TrialQuestion; verdict: TrialVerdict | undefined }) {
  if (verdict === undefined) return null;
  return (
    <div class="answer">
      {question.text} <strong>{verdict.says}</strong>
      <ul class="ranked" aria-label={`Probabilities: ${question.text}`}>
        {verdict.bars.map((bar) => (
          <BarRow key={bar.label} bar={bar} />
        ))}
      </ul>
    </div>
  );
}

function BarRow({ bar: { label, probability } }: { bar: ProbabilityBar }) {
  return (
    <li>
      <span>{label}</span>
      <meter aria-label={`Probability of ${label}`} min={0} max={1} value={probability} />
      <span class="number">{(probability * 100).toFixed(1)} %</span>
    </li>
  );
}

async function ask(
  model: string,
  state: string,
  questions: readonly TrialQuestion[],
): Promise<ReadonlyMap<string, TrialVerdict>> {
  const asked = Object.fromEntries(questions.map((question) => [question.id, questionOf(question)]));
  const { answers } = unwrap(await server().v1.systemone.post({ model, state, questions: asked }));
  return new Map(
    questions.flatMap((question) => {
      const answer = answers[question.id];
      return answer === undefined ? [] : [[question.id, verdictOf(question, answer)]];
    }),
  );
}
