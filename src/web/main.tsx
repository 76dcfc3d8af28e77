import { render } from "preact";
import { PageFrame } from "./app.tsx";
import "./styles/base.css";
import "./styles/chat.css";
import "./styles/turns.css";
import "./styles/markdown.css";
import "./styles/panels.css";
import "uplot/dist/uPlot.min.css";

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for the application");
render(<PageFrame />, root);
