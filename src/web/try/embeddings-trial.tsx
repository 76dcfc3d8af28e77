import { useState } from "preact/hooks";
import { unwrap } from "../../client/index.ts";
import { embeddingModels } from "../models/state.ts";
import { explain, server } from "../server.ts";
import { ModelChoice } from "./model-choice.tsx";
import { similarity } from "./similarity.ts";

interface Scored {
  text: string;
  score: number;
}

/** Puts lines in the order of their likeness to a query. */
export function EmbeddingsTrial() {
  const models = embeddingModels();
  const [scored, setScored] = useState<Scored[]>([]);
  const [failure, setFailure] = useState("");
  const compare = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const form = new FormData(event.currentTarget);
    try {
      setFailure("");
      setScored(
        await scoresOf(String(form.get("model")), String(form.get("query")), linesOf(form.get("lines"))),
      );
    } catch (error) {
      setFailure(explain(error));
    }
  };
  if (models.length === 0)
    return (
      <section aria-labelledby="embeddings-title">
        <h2 id="embeddings-title">Embeddings</h2>
        <p>No embedding model is installed. Pull one, for example nomic-embed-text.</p>
      </section>
    );
  return (
    <section aria-labelledby="embeddings-title">
      <h2 id="embeddings-title">Embeddings</h2>
      <p class="quiet">Texts as vectors: what is alike in meaning is near.</p>
      <form onSubmit={compare}>
        <ModelChoice models={models} />
        <label>
          Query
          <input name="query" required value="How do I keep plants alive?" />
        </label>
        <label>
          Lines to compare with it
          <textarea
            name="lines"
            rows={5}
            required
            value={"Water them once a week.\nThe train leaves at noon.\nMost of them like light."}
          />
        </label>
        <div class="buttons">
          <button type="submit" class="primary">
            Compare
          </button>
        </div>
      </form>
      {failure && <p role="alert">{failure}</p>}
      <ol class="ranked" aria-label="The likest first">
        {scored.map(({ text, score }, index) => (
          <li key={index}>
            <span>{text}</span>
            <meter aria-label={`Likeness of ${text}`} min={0} max={1} value={Math.max(0, score)} />
            <span class="number">{score.toFixed(3)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const linesOf = (value: FormDataEntryValue | null): string[] =>
  String(value)
    .split("\n")
    .filter((line) => line.trim() !== "");

async function scoresOf(model: string, query: string, lines: readonly string[]): Promise<Scored[]> {
  const { embeddings } = unwrap(await server().api.embed.post({ model, input: [query, ...lines] }));
  const [first = [], ...others] = embeddings;
  return lines
    .map((text, index) => ({ text, score: similarity(first, others[index] ?? []) }))
    .sort((a, b) => b.score - a.score);
}
