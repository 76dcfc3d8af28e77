/** A tool as items name it. */
export interface CallName {
  name: string;
  namespace?: string;
}

/** The one name by which the model knows a tool. */
export const toolName = ({ name, namespace }: CallName): string =>
  namespace === undefined ? name : `${namespace}.${name}`;
