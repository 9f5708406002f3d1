import ts from 'typescript';
import { saysAscii, saysMoney } from './money-names.ts';
import type { Ban } from './written-names.ts';
import { banOfWrittenName } from './written-names.ts';

const COMPARISONS: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.LessThanToken,
  ts.SyntaxKind.GreaterThanToken,
  ts.SyntaxKind.LessThanEqualsToken,
  ts.SyntaxKind.GreaterThanEqualsToken,
]);

/** Where postgres.js and drizzle declare `begin` and `transaction`. */
const CLIENTS = /^(I?Sql|ReservedSql|TransactionSql|PgDatabase|PostgresJsDatabase|PgTransaction)$/;

/** What this very node does wrong, if it does. */
export function banOf(checker: ts.TypeChecker, node: ts.Node): Ban | undefined {
  const writtenName = banOfWrittenName(checker, node);
  if (writtenName !== undefined) {
    return writtenName;
  }
  if (ts.isCallExpression(node)) {
    return banOfTransaction(checker, node) ?? banOfConversion(node) ?? banOfOrder(checker, node);
  }
  if (ts.isBinaryExpression(node) && COMPARISONS.has(node.operatorToken.kind)) {
    const bothStrings = isString(checker, node.left) && isString(checker, node.right);
    return bothStrings && ![node.left, node.right].some(isAscii)
      ? byteOrder('compares strings by UTF-16 code units')
      : undefined;
  }
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.PlusToken && isMoney(node.operand)) {
    return conversion(node.operand);
  }
  return undefined;
}

/** A backend that dies inside has the rest of the callback committed on another connection (postgres.js 3.4.9). */
function banOfTransaction(checker: ts.TypeChecker, call: ts.CallExpression): Ban | undefined {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee) || !/^(begin|transaction)$/.test(callee.name.text)) {
    return undefined;
  }
  const declaration = checker.getSymbolAtLocation(callee.name)?.declarations?.[0];
  const owner = declaration?.parent;
  if (owner === undefined || !(ts.isInterfaceDeclaration(owner) || ts.isClassDeclaration(owner))) {
    return undefined;
  }
  if (!CLIENTS.test(owner.name?.text ?? '')) {
    return undefined;
  }
  return { rule: 'no-client-transaction', detail: `${callee.name.text}() is not atomic here; call one SQL function` };
}

function banOfConversion(call: ts.CallExpression): Ban | undefined {
  const callee = call.expression.getText();
  if (!/^(Number|parseFloat|parseInt|Number\.parseFloat|Number\.parseInt)$/.test(callee)) {
    return undefined;
  }
  const [value] = call.arguments;
  return value !== undefined && isMoney(value) ? conversion(value) : undefined;
}

function banOfOrder(checker: ts.TypeChecker, call: ts.CallExpression): Ban | undefined {
  const callee = call.expression;
  if (!ts.isPropertyAccessExpression(callee)) {
    return undefined;
  }
  const method = callee.name.text;
  if (method === 'localeCompare' && isString(checker, callee.expression)) {
    return byteOrder('compares by a locale');
  }
  if ((method !== 'sort' && method !== 'toSorted') || call.arguments.length > 0) {
    return undefined;
  }
  const element = checker.getTypeAtLocation(callee.expression).getNumberIndexType();
  return element !== undefined && isStringType(element) ? byteOrder('sorts strings by UTF-16 code units') : undefined;
}

function isMoney(value: ts.Expression): boolean {
  if (ts.isIdentifier(value)) {
    return saysMoney(value.text);
  }
  if (ts.isPropertyAccessExpression(value)) {
    return saysMoney(value.name.text);
  }
  if (ts.isCallExpression(value)) {
    // amount.toString() is the amount; amountOf(x) gives one.
    const callee = value.expression;
    return isMoney(callee) || (ts.isPropertyAccessExpression(callee) && isMoney(callee.expression));
  }
  return false;
}

function isAscii(value: ts.Expression): boolean {
  if (ts.isIdentifier(value)) {
    return saysAscii(value.text);
  }
  return ts.isPropertyAccessExpression(value) && saysAscii(value.name.text);
}

function isString(checker: ts.TypeChecker, node: ts.Expression): boolean {
  return isStringType(checker.getTypeAtLocation(node));
}

function isStringType(type: ts.Type): boolean {
  if (type.isUnion()) {
    return type.types.every(isStringType);
  }
  return (type.flags & ts.TypeFlags.StringLike) !== 0;
}

function conversion(value: ts.Expression): Ban {
  return { rule: 'no-money-conversion', detail: `${value.getText()} is made a number; it may not be exact` };
}

function byteOrder(what: string): Ban {
  return { rule: 'utf8-order', detail: `${what}; order is that of UTF-8 bytes: compareUtf8` };
}
