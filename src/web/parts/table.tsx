import type { ComponentChildren } from "preact";

/**
 * A table under a heading, which scrolls by itself where the window is narrow.
 *
 * @param title id of the heading.
 * @param columns their names.
 * @param buttons each row ends in a column of buttons, which has no name.
 */
export function Table({
  title,
  columns,
  buttons = false,
  children,
}: {
  title: string;
  columns: readonly string[];
  buttons?: boolean;
  children: ComponentChildren;
}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-labelledby={title}>
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {buttons && <td />}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
