import { useState } from "preact/hooks";
import { apiKey, keyProblem, setApiKey } from "../server.ts";
import { Dialog } from "./dialog.tsx";

/** Asks for the API key that the server wants. It is tried before it is kept. */
export function KeyDialog() {
  const [trying, setTrying] = useState(false);
  const problem = keyProblem.value;
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const key = String(new FormData(event.currentTarget).get("key") ?? "").trim();
    setTrying(true);
    await setApiKey(key);
    setTrying(false);
  };
  return (
    <Dialog title="API key" open={problem !== undefined} onClose={() => (keyProblem.value = undefined)}>
      <form onSubmit={save}>
        <p>
          This server asks for an API key; whoever runs it makes one with <code>llamero keys create</code>. It
          is kept in this browser.
        </p>
        <label>
          Key
          <input name="key" type="password" autocomplete="off" value={apiKey.value} />
        </label>
        {problem && <p role="alert">{problem}</p>}
        <div class="buttons">
          {apiKey.value !== "" && (
            <button type="button" onClick={() => void setApiKey("")}>
              Forget it
            </button>
          )}
          <button type="submit" class="primary" disabled={trying}>
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
