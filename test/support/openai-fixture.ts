import { fakeApp } from "./fake-app.ts";
import { fakeModel } from "./fake-catalog.ts";

const THINKING =
  "{{ range .Messages }}<{{ .Role }}>{{ if .Thinking }}<think>{{ .Thinking }}</think>{{ end }}{{ .Content }}{{ end }}";

/** A model that thinks. */
export const thinker = () =>
  fakeApp([fakeModel("test", { template: THINKING, capabilities: ["completion", "thinking"] })]);
