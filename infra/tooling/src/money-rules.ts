import ts from 'typescript';
import { banOf } from './money-bans.ts';
import { saysMoney } from './money-names.ts';
import type { Violation } from './violation.ts';

/**
 * Finds money in JavaScript numbers, and the calls that lose it, by the types of a whole program.
 *
 * @param file its path for the report
 */
export function checkMoney(checker: ts.TypeChecker, source: ts.SourceFile, file: string): Violation[] {
  const violations: Violation[] = [];
  const add = (node: ts.Node, rule: string, detail: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    violations.push({ rule, file, line, detail });
  };
  const visit = (node: ts.Node): void => {
    const name = declaredName(node);
    if (name !== undefined && saysMoney(name.text) && holdsNumber(checker, checker.getTypeAtLocation(name))) {
      add(name, 'money-in-number', `${name.text} holds or gives a number; money is a bigint, a Decimal or a string`);
    }
    const ban = banOf(checker, node);
    if (ban !== undefined) {
      add(node, ban.rule, ban.detail);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return violations;
}

/** The name that a node declares. */
function declaredName(node: ts.Node): ts.Identifier | undefined {
  if (
    ts.isVariableDeclaration(node) ||
    ts.isParameter(node) ||
    ts.isBindingElement(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isShorthandPropertyAssignment(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isGetAccessorDeclaration(node)
  ) {
    return node.name !== undefined && ts.isIdentifier(node.name) ? node.name : undefined;
  }
  return undefined;
}

/** Whether a value of the type is a number, or a collection, promise or function of numbers. */
function holdsNumber(checker: ts.TypeChecker, type: ts.Type, depth = 0): boolean {
  if (depth > 4) {
    return false;
  }
  if (type.isUnion()) {
    return type.types.some((part) => holdsNumber(checker, part, depth));
  }
  if (type.flags & ts.TypeFlags.NumberLike && !(type.flags & ts.TypeFlags.EnumLike)) {
    return true;
  }
  if (!(type.flags & ts.TypeFlags.Object)) {
    return false;
  }
  const inner: ts.Type[] = [];
  const element = type.getNumberIndexType();
  // A string has a length and an index; an object type with a number index is an array of some kind.
  if (element !== undefined) {
    inner.push(element);
  }
  const name = type.getSymbol()?.getName() ?? '';
  const reference = type as ts.TypeReference;
  if (/^(Promise|PromiseLike|Iterable|AsyncIterable|Set|ReadonlySet|Iterator|Generator)$/.test(name)) {
    inner.push(...checker.getTypeArguments(reference).slice(0, 1));
  }
  if (/^(Map|ReadonlyMap)$/.test(name)) {
    inner.push(...checker.getTypeArguments(reference).slice(1));
  }
  for (const signature of type.getCallSignatures()) {
    inner.push(signature.getReturnType());
  }
  return inner.some((each) => holdsNumber(checker, each, depth + 1));
}
