import ts from 'typescript';
import type { Violation } from './violation.ts';

/** Where an exported type is declared. */
export interface ExportedType {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

const CONSTANT = /^[A-Z][A-Z0-9_]*$/;

/** Names in a file that break a convention. */
export function checkNames(source: ts.SourceFile, file: string): Violation[] {
  const violations: Violation[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
      const detail = faultOf(node.name.text, isExported(node) ? node.initializer : undefined);
      if (detail !== undefined) {
        violations.push({ rule: 'names', file, line: lineOf(source, node), detail });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return violations;
}

function faultOf(name: string, initializer: ts.Expression | undefined): string | undefined {
  if (CONSTANT.test(name) && /^(MOST|LARGEST|LONGEST|BIGGEST)_/.test(name)) {
    return `${name}: limits are named MAX_…`;
  }
  if (CONSTANT.test(name) && /_AN?_(?!IBAN)/.test(name)) {
    return `${name}: rates are named …_PER_…`;
  }
  if (/Schema$/.test(name) || initializer === undefined || !isZodSchema(initializer)) {
    return undefined;
  }
  return `${name}: schemas are named …Schema`;
}

function isExported({ parent }: ts.VariableDeclaration): boolean {
  const statement = parent.parent;
  return (
    ts.isVariableStatement(statement) &&
    statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  );
}

/** `z.object(…)` and the like, chained calls included. */
function isZodSchema(node: ts.Expression): boolean {
  if (ts.isCallExpression(node)) {
    return ts.isPropertyAccessExpression(node.expression) && isZodSchema(node.expression.expression);
  }
  if (ts.isPropertyAccessExpression(node)) {
    return isZodSchema(node.expression);
  }
  return ts.isIdentifier(node) && node.text === 'z';
}

/** The types, interfaces and classes that a file exports. */
export function exportedTypes(source: ts.SourceFile, file: string): ExportedType[] {
  return source.statements
    .filter((node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node))
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .map((node) => ({ name: node.name?.text ?? 'default', file, line: lineOf(source, node) }));
}

/** Type names that two files export: a name has one meaning. */
export function checkUniqueTypes(types: readonly ExportedType[]): Violation[] {
  const first = new Map<string, ExportedType>();
  return types.flatMap((type) => {
    const other = first.get(type.name);
    if (other === undefined) {
      first.set(type.name, type);
      return [];
    }
    return [
      { rule: 'unique-types', file: type.file, line: type.line, detail: `${type.name} is also in ${other.file}` },
    ];
  });
}

function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
