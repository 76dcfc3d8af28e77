import { effect, signal } from "@preact/signals";
import { theme } from "../parts/theme.ts";

const query = matchMedia("(prefers-color-scheme: dark)");
const prefersDark = signal(query.matches);
query.addEventListener("change", ({ matches }) => {
  prefersDark.value = matches;
});

/** Dark where the browser is, or where the user has chosen it on the page at `/`: Swagger UI goes by a class. */
export const followColours = (): (() => void) =>
  effect(() => {
    const isDark = theme.value === "auto" ? prefersDark.value : theme.value === "dark";
    document.documentElement.classList.toggle("dark-mode", isDark);
  });
