import {
  type Checker,
  ElementFlags,
  type Symbol as Member,
  SignatureKind,
  SymbolFlags,
  type Type,
  TypeFlags,
} from "typescript/unstable/async";
import { Failure } from "../../support/failure.ts";

/** Where web standards and JavaScript are declared. */
const PLATFORM = /\/(?:lib\.[\w.]+|node_modules\/(?:bun-types|@types\/node)\/.*)\.d\.ts$/;

/** Deeper than any request or reply; a type that contains itself would go on for ever. */
const DEEPEST = 40;

/**
 * A type as the text of a type without any name that would have to be imported: aliases, mapped and conditional types are written
 * as what they come to. It is written without blanks: an editor lays it out, and they would be a part of what everybody downloads.
 *
 * @throws Failure for what cannot be written so: a type that contains itself, a class of a library, an open type parameter.
 */
export async function writeType(checker: Checker, type: Type, depth = 0): Promise<string> {
  if (depth > DEEPEST) throw new Failure(`a type contains itself: ${await checker.typeToString(type)}`);
  const write: Write = (inner) => writeType(checker, inner, depth + 1);
  if (type.isErrorType()) throw new Failure("the server's types have errors");
  if (type.isLiteralType()) return JSON.stringify(type.value);
  if (type.isIntrinsicType()) return type.intrinsicName;
  if (type.isUnionType()) return writeUnion(await type.getTypes(), write);
  if (await checker.isTupleType(type)) return writeTuple(checker, type, write);
  if (await checker.isArrayType(type)) return writeArray(checker, type, write);
  if (type.isIntersectionType()) {
    // A text that the server has marked for itself is a text to everybody else.
    const primitive = (await type.getTypes()).find((part) => part.isIntrinsicType());
    if (primitive !== undefined) return write(primitive);
  }
  const platform = await platformName(type);
  if (platform !== undefined) return platform;
  if (type.isObjectType() || type.isIntersectionType()) return writeObject(checker, type, write);
  throw new Failure(`this type cannot be written down: ${await checker.typeToString(type)}`);
}

/** The name of a class or interface that a platform brings, such as `Response`. */
async function platformName(type: Type): Promise<string | undefined> {
  const symbol = await type.getSymbol();
  if (symbol === undefined || (symbol.flags & (SymbolFlags.Class | SymbolFlags.Interface)) === 0) return;
  return symbol.declarations.some(({ path }) => PLATFORM.test(path)) ? symbol.name : undefined;
}

type Write = (type: Type) => Promise<string>;

async function writeUnion(types: readonly Type[], write: Write): Promise<string> {
  // `boolean` is a union of its two values.
  const parts = new Set(await Promise.all(types.map(write)));
  if (parts.has("true") && parts.has("false")) {
    parts.delete("true");
    parts.delete("false");
    parts.add("boolean");
  }
  return [...parts].join("|");
}

async function writeArray(checker: Checker, type: Type, write: Write): Promise<string> {
  const [element] = type.isTypeReference() ? await checker.getTypeArguments(type) : [];
  if (element === undefined) throw new Failure("an array without a type of its elements");
  const text = await write(element);
  return /^[\w$]+$/.test(text) || text.startsWith("{") ? `${text}[]` : `(${text})[]`;
}

async function writeTuple(checker: Checker, type: Type, write: Write): Promise<string> {
  if (!type.isTypeReference()) throw new Failure("a tuple without types of its elements");
  const target = await type.getTarget();
  const flags = target.isTupleType() ? target.elementFlags : [];
  const types = await checker.getTypeArguments(type);
  const elements = types.map(async (element, index) => {
    const text = await write(element);
    return (flags[index] ?? 0) & ElementFlags.Rest ? `...(${text})[]` : text;
  });
  return `[${(await Promise.all(elements)).join(",")}]`;
}

/** An object, or an intersection of objects as the one object that it comes to. */
async function writeObject(checker: Checker, type: Type, write: Write): Promise<string> {
  const [signatures, indices, properties] = await Promise.all([
    checker.getSignaturesOfType(type, SignatureKind.Call),
    checker.getIndexInfosOfType(type),
    checker.getPropertiesOfType(type),
  ]);
  const members = await Promise.all([
    ...signatures.map(async (signature) => {
      const [parameters, returned] = await Promise.all([
        signature.getParameters(),
        checker.getReturnTypeOfSignature(signature),
      ]);
      const texts = await Promise.all(parameters.map((each) => writeMember(checker, each, write)));
      return `(${texts.join(",")}):${returned === undefined ? "void" : await write(returned)}`;
    }),
    ...indices.map(
      async ({ keyType, valueType }) => `[key:${await write(keyType)}]:${await write(valueType)}`,
    ),
    ...properties.map((each) => writeMember(checker, each, write)),
  ]);
  return `{${members.join(";")}}`;
}

async function writeMember(checker: Checker, member: Member, write: Write): Promise<string> {
  const type = await checker.getTypeOfSymbol(member);
  // Nothing can be of type `never`, which comes of a union of schemas that the compiler cannot count.
  if (type === undefined || type.flags & TypeFlags.Never)
    throw new Failure(`the server's types say nothing of "${member.name}"`);
  const name = /^([A-Za-z_$][\w$]*|\d+)$/.test(member.name) ? member.name : JSON.stringify(member.name);
  if ((member.flags & SymbolFlags.Optional) === 0) return `${name}:${await write(type)}`;
  // The question mark says `undefined` already.
  const parts = type.isUnionType() ? (await type.getTypes()).filter(isDefined) : [type];
  return `${name}?:${await writeUnion(parts, write)}`;
}

const isDefined = (type: Type): boolean => (type.flags & TypeFlags.Undefined) === 0;
