import { useEffect } from "preact/hooks";
import { ActivityView } from "./activity/activity-view.tsx";
import { ChatView } from "./chat/chat-view.tsx";
import { load } from "./chat/store.ts";
import { ModelsView } from "./models/models-view.tsx";
import { refresh } from "./models/state.ts";
import { KeyDialog } from "./parts/key-dialog.tsx";
import { nextTheme, theme } from "./parts/theme.ts";
import { route, VIEWS, type View } from "./route.ts";
import { TryView } from "./try/try-view.tsx";

const TITLES: Record<View, string> = { chat: "Chat", models: "Models", activity: "Activity", try: "Try" };

/** The frame: where one is, and the view. */
export function App() {
  useEffect(() => {
    void load();
    void refresh();
  }, []);
  const { view } = route.value;
  return (
    <>
      <header class="top">
        <strong class="name">llamero</strong>
        <nav aria-label="Views">
          {VIEWS.map((each) => (
            <a key={each} href={`#/${each}`} aria-current={each === view ? "page" : undefined}>
              {TITLES[each]}
            </a>
          ))}
        </nav>
        <a class="wide" href="/docs/">
          Docs
        </a>
        <a class="wide" href="/swagger">
          API
        </a>
        <button type="button" onClick={nextTheme} aria-label={`Colours: ${theme.value}`}>
          {theme.value === "auto" ? "◐" : theme.value === "light" ? "☀" : "☾"}
        </button>
      </header>
      {view === "chat" && <ChatView />}
      {view === "models" && <ModelsView />}
      {view === "activity" && <ActivityView />}
      {view === "try" && <TryView />}
      <KeyDialog />
    </>
  );
}
