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
      createElement("span", { className: "hidden" }, name),
      createElement(original, props),
    );

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
  ExamplesSelect: labelled("Example"),
  Select: labelled("Value"),
};
