import { apiKey, needsKey, setApiKey } from "../server.ts";
import { Dialog } from "./dialog.tsx";

/** Asks for the API key that the server wants. */
export function KeyDialog() {
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) {
      setApiKey(String(new FormData(event.currentTarget).get("key") ?? "").trim());
    }
  };
  return (
    <Dialog title="API key" open={needsKey.value} onClose={() => (needsKey.value = false)}>
      <form onSubmit={save}>
        <p>This server wants an API key; whoever runs it makes one with “llamero keys create”.</p>
        <label>
          Key
          <input name="key" type="password" autocomplete="off" value={apiKey.value} />
        </label>
        <div class="buttons">
          <button type="submit" class="primary">
            Save
          </button>
        </div>
      </form>
    </Dialog>
  );
}
