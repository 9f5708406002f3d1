import ts from 'typescript';

export interface Ban {
  readonly rule: string;
  readonly detail: string;
}

const ASSIGNS = { first: ts.SyntaxKind.FirstAssignment, last: ts.SyntaxKind.LastAssignment };
const CALLS =
  /^(Reflect\.(set|defineProperty|deleteProperty|setPrototypeOf)|Object\.(assign|defineProperty|setPrototypeOf))$/;

/**
 * A write to a property whose name is only known when it runs: `__proto__` as a name reaches what all objects share. Indexes,
 * and names of a closed list, are right; names from outside belong in a Map, or in an object that is made of its entries.
 */
export function banOfWrittenName(checker: ts.TypeChecker, node: ts.Node): Ban | undefined {
  const target = writtenBy(node);
  if (target !== undefined && ts.isElementAccessExpression(target)) {
    const name = target.argumentExpression;
    return isOpen(checker, checker.getTypeAtLocation(name)) ? written(name.getText()) : undefined;
  }
  if (!ts.isCallExpression(node) || !CALLS.test(node.expression.getText())) {
    return undefined;
  }
  const name = node.arguments[1];
  const isOwnName = name !== undefined && ts.isStringLiteralLike(name) && name.text !== '__proto__';
  return isOwnName ? undefined : written(node.expression.getText());
}

/** What an assignment, `++`, `--` or `delete` changes. */
function writtenBy(node: ts.Node): ts.Expression | undefined {
  if (ts.isBinaryExpression(node)) {
    const { kind } = node.operatorToken;
    return kind >= ASSIGNS.first && kind <= ASSIGNS.last ? inside(node.left) : undefined;
  }
  if (ts.isDeleteExpression(node)) {
    return inside(node.expression);
  }
  const isCounting =
    ts.isPostfixUnaryExpression(node) ||
    (ts.isPrefixUnaryExpression(node) &&
      (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken));
  return isCounting ? inside(node.operand) : undefined;
}

function inside(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? inside(node.expression) : node;
}

/** Whether a value of the type may be any name. */
function isOpen(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.isUnion()) {
    return type.types.some((part) => isOpen(checker, part));
  }
  if (type.flags & (ts.TypeFlags.StringLiteral | ts.TypeFlags.NumberLike | ts.TypeFlags.ESSymbolLike)) {
    return false;
  }
  const constraint = checker.getBaseConstraintOfType(type);
  return constraint === undefined || constraint === type ? true : isOpen(checker, constraint);
}

function written(name: string): Ban {
  return {
    rule: 'no-write-by-name',
    detail: `${name} may be any name, __proto__ too; use a Map, or make the object of its entries`,
  };
}
