import { useEffect } from "preact/hooks";
import { ActivityView } from "./activity/activity-view.tsx";
import { ChatView } from "./chat/chat-view.tsx";
import { load } from "./chat/store.ts";
import { ModelsView } from "./models/models-view.tsx";
import { refresh } from "./models/state.ts";
import { IconButton, type IconName } from "./parts/icon.tsx";
import { KeyDialog } from "./parts/key-dialog.tsx";
import { nextTheme, type Theme, theme } from "./parts/theme.ts";
import { route, VIEWS, type View } from "./route.ts";
import { askForKey, hasKeys, signedIn } from "./server.ts";
import { TryView } from "./try/try-view.tsx";

const TITLES: Record<View, string> = { chat: "Chat", models: "Models", activity: "Activity", try: "Try" };

const THEME_ICONS: Record<Theme, IconName> = { auto: "auto", light: "light", dark: "dark" };

/** The frame of the page: navigation, and the view. */
export function PageFrame() {
  useEffect(() => void load(), []);
  useEffect(() => void refresh(), [signedIn.value]);
  // Models may have come or gone while one was elsewhere, on the command line for instance.
  useEffect(() => {
    const back = () => void (document.hidden || refresh());
    document.addEventListener("visibilitychange", back);
    return () => document.removeEventListener("visibilitychange", back);
  }, []);
  const { view } = route.value;
  return (
    <>
      <header class="top">
        <strong class="name">
          <Mark />
          <span>llamero</span>
        </strong>
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
        {hasKeys.value && <IconButton icon="key" name="API key" onClick={() => askForKey("")} />}
        <IconButton icon={THEME_ICONS[theme.value]} name={`Colours: ${theme.value}`} onClick={nextTheme} />
      </header>
      {view === "chat" && <ChatView />}
      {view === "models" && <ModelsView />}
      {view === "activity" && <ActivityView />}
      {view === "try" && <TryView />}
      <KeyDialog />
    </>
  );
}

/** A llama's head. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M7 10V4l2.5 3h5L17 4v6M6.5 10h11v7a5.5 4.5 0 0 1-11 0zM10 12v1M14 12v1M9.5 17.5q2.5-2 5 0" />
    </svg>
  );
}
