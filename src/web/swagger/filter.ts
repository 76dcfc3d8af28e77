/** The part of Immutable.js that Swagger UI hands to a filter. */
interface ImmutableMap {
  get(key: string): unknown;
  getIn(keys: readonly string[]): unknown;
  set(key: string, value: unknown): ImmutableMap;
}
interface ImmutableList {
  size: number;
  filter(keeps: (item: ImmutableMap) => boolean): ImmutableList;
}
export interface TaggedOperations {
  map(change: (tag: ImmutableMap, name: string) => ImmutableMap): TaggedOperations;
  filter(keeps: (tag: ImmutableMap) => boolean): TaggedOperations;
}

const operationsOf = (tag: ImmutableMap): ImmutableList => tag.get("operations") as ImmutableList;

/**
 * The operations that have every word of `phrase` in their tag, method, path, summary or id. Swagger UI's own filter knows tags and
 * paths only.
 */
export function filterOperations(tagged: TaggedOperations, phrase: string): TaggedOperations {
  const words = phrase.toLowerCase().split(/\s+/);
  const matches = (tag: string) => (operation: ImmutableMap) => {
    const described = ["summary", "operationId"].map((key) => operation.getIn(["operation", key]));
    const text = [tag, operation.get("method"), operation.get("path"), ...described].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  };
  return tagged
    .map((tag, name) => tag.set("operations", operationsOf(tag).filter(matches(name))))
    .filter((tag) => operationsOf(tag).size > 0);
}

interface FilterProps {
  layoutActions: { updateFilter(phrase: string): void };
}

/** The box, in place of Swagger UI's own, which says that it knows tags and paths. */
export const filterBox =
  ({ createElement }: SwaggerReact) =>
  ({ layoutActions }: FilterProps): unknown =>
    createElement(
      "search",
      { className: "filter wrapper" },
      createElement("input", {
        className: "operation-filter-input",
        type: "search",
        placeholder: "Filter: chat, embed, pull a model …",
        "aria-label": "Filter by words of path, summary or tag",
        onChange: ({ target }: { target: { value: string } }) => layoutActions.updateFilter(target.value),
      }),
    );
