import { signal } from "@preact/signals";

export const VIEWS = ["chat", "models", "activity", "try"] as const;
export type View = (typeof VIEWS)[number];

/** The view that the address names: `#/chat/<id>`, `#/models`, … */
export interface Route {
  view: View;
  /** The rest of the address behind the view; "" for none. */
  id: string;
}

function parseRoute(hash: string): Route {
  const [, name = "", id = ""] = hash.split("/");
  const view = VIEWS.find((each) => each === name) ?? "chat";
  return { view, id };
}

export const route = signal(parseRoute(location.hash));
addEventListener("hashchange", () => {
  route.value = parseRoute(location.hash);
});

export const go = (view: View, id = ""): void => {
  location.hash = id === "" ? `#/${view}` : `#/${view}/${id}`;
};
