import type { ComponentChildren } from "preact";

/**
 * A table under a heading, which scrolls by itself where the window is narrow.
 *
 * @param title id of the heading.
 * @param columns their names; a last one without a name is added for buttons.
 */
export function Table({
  title,
  columns,
  children,
}: {
  title: string;
  columns: readonly string[];
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
            <td />
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
