interface DeepLinkProps {
  /** `tag`, or `tag/operation`. */
  path?: string;
  text: unknown;
}

/** With a name for those who hear the page. */
const labelled =
  (name: string) =>
  (original: unknown, { React: { createElement } }: { React: SwaggerReact }) =>
  (props: object): unknown =>
    createElement(
      "label",
      {},
      createElement("span", { className: "only-heard" }, name),
      createElement(original, props),
    );

/** With an `aria-label` that depends on its other properties; undefined leaves what it has. */
const named =
  <Props extends object>(nameOf: (props: Props) => string | undefined) =>
  (original: unknown, { React: { createElement } }: { React: SwaggerReact }) =>
  (props: Props): unknown => {
    const name = nameOf(props);
    return createElement(original, name === undefined ? props : { ...props, "aria-label": name });
  };

/** Makes scrolling elements reachable, and so scrollable, by keyboard. */
function reachable(around: HTMLElement | null): void {
  const text = around?.querySelector("pre");
  if (text && text.scrollHeight > text.clientHeight) text.tabIndex = 0;
}

/** Names that Swagger UI's controls lack, and a link that it nests in a button. */
export const WRAPPED: NonNullable<SwaggerPlugin["wrapComponents"]> = {
  // The button around the path of an operation unfolds it, and changes the address.
  DeepLink:
    (original, { React: { createElement } }) =>
    (props: DeepLinkProps) =>
      props.path?.includes("/")
        ? createElement("span", { className: "nostyle" }, props.text)
        : createElement(original, props),
  contentType:
    (original, { React: { createElement } }) =>
    (props: { ariaLabel?: string }) =>
      createElement(original, { ...props, ariaLabel: props.ariaLabel || "Media type" }),
  HighlightCode:
    (original, { React: { createElement } }) =>
    (props: object) =>
      createElement("div", { ref: reachable }, createElement(original, props)),
  // Its own name for "Authorize" has nothing of the word that is seen.
  Button: named(({ className }: { className?: string }) =>
    className?.includes("authorize") ? "Authorize: apply credentials" : undefined,
  ),
  CloseIcon: labelled("Close"),
  ExamplesSelect: labelled("Example"),
  Input: named(({ type }: { type?: string }) => (type === "file" ? "File" : undefined)),
  Select: labelled("Value"),
  TextArea: named(({ className }: { className?: string }) =>
    className?.includes("body-param__text") ? "Request body" : "Value",
  ),
};
