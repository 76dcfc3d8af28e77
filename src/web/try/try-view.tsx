import { DecisionsTrial } from "./decisions-trial.tsx";
import { EmbeddingsTrial } from "./embeddings-trial.tsx";

/** Forms to try what a model can do besides talking. */
export function TryView() {
  return (
    <main class="panel">
      <h1>Try</h1>
      <DecisionsTrial />
      <EmbeddingsTrial />
    </main>
  );
}
