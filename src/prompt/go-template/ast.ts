/** `pos` is the UTF-16 index in the template at which Go reports an error in the node. */
interface At {
  pos: number;
}

interface DotNode extends At {
  type: "dot";
}
interface NilNode extends At {
  type: "nil";
}
interface BoolNode extends At {
  type: "bool";
  value: boolean;
}
export interface NumberNode extends At {
  type: "number";
  /** Undefined: an integer that Go's int does not hold. */
  value: bigint | number | undefined;
  text: string;
}
interface StringNode extends At {
  type: "string";
  value: string;
  quoted: string;
}
/** A function's name. */
export interface IdentifierNode extends At {
  type: "identifier";
  name: string;
}
/** `.A.B` */
export interface FieldNode extends At {
  type: "field";
  path: string[];
}
/** `$x.A.B`: the variable's name, dollar sign included, and the fields. */
export interface VariableNode extends At {
  type: "variable";
  name: string;
  path: string[];
}
/** Fields of something that is neither a field nor a variable: `(index .A 0).B`. */
export interface ChainNode extends At {
  type: "chain";
  term: OperandNode;
  path: string[];
}
export interface PipeNode extends At {
  type: "pipe";
  /** Variables that the pipeline declares, or with `assigns` sets. */
  variables: string[];
  assigns: boolean;
  commands: CommandNode[];
}
export interface CommandNode extends At {
  type: "command";
  operands: OperandNode[];
}

export type OperandNode =
  | DotNode
  | NilNode
  | BoolNode
  | NumberNode
  | StringNode
  | IdentifierNode
  | FieldNode
  | VariableNode
  | ChainNode
  | PipeNode;

interface TextNode extends At {
  type: "text";
  text: string;
}
interface ActionNode extends At {
  type: "action";
  pipe: PipeNode;
}
export interface BranchNode extends At {
  type: "if" | "with" | "range";
  pipe: PipeNode;
  body: ListNode;
  otherwise: ListNode | undefined;
}
interface LoopControlNode extends At {
  type: "break" | "continue";
}
export interface CallNode extends At {
  type: "template";
  name: string;
  pipe: PipeNode | undefined;
}
export type StatementNode = TextNode | ActionNode | BranchNode | LoopControlNode | CallNode;

export interface ListNode extends At {
  type: "list";
  nodes: StatementNode[];
}

export type AnyNode = OperandNode | CommandNode | StatementNode | ListNode;

/** A parsed template; immutable. */
export interface GoTemplate {
  text: string;
  root: ListNode;
  /** The templates that `define` and `block` define, by name. */
  definitions: ReadonlyMap<string, ListNode>;
}
