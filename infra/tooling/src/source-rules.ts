import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { isTest, listSourceFiles, SQL_OF_SERVICES } from './source-files.ts';
import type { Violation } from './violation.ts';

/** Entry points: `main.ts`, `provision-main.ts`. */
const MAY_READ_ENVIRONMENT = /(^|\/)([a-z-]+-)?main\.ts$/;
const MAY_HOLD_SQL = new RegExp(`^packages/(db|queue)/|^infra/local/|${SQL_OF_SERVICES}`);

/** What imports do not show: SQL outside sql.ts, and the environment read outside main.ts. */
export function checkSources(root: string): Violation[] {
  return listSourceFiles(root)
    .filter((file) => !isTest(file) && !file.startsWith('infra/tooling/'))
    .flatMap((file) => checkSource(file, readFileSync(join(root, file), 'utf8')));
}

/** @param file relative to the root: the rules go by folder */
export function checkSource(file: string, text: string): Violation[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const violations: Violation[] = [];
  const add = (node: ts.Node, rule: string, detail: string): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    violations.push({ rule, file, line, detail });
  };
  const visit = (node: ts.Node): void => {
    if (!MAY_READ_ENVIRONMENT.test(file) && readsEnvironment(node)) {
      add(node, 'environment-in-main', 'reads the environment; main.ts does, and passes what it found');
    }
    if (!MAY_HOLD_SQL.test(file) && isSql(node)) {
      add(node, 'sql-in-its-file', 'holds SQL; that is for packages/db and the sql.ts of a service’s subject');
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return violations;
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return node.name.text === 'env' && ts.isIdentifier(node.expression) && node.expression.text === 'process';
  }
  return (
    ts.isImportSpecifier(node) &&
    (node.propertyName ?? node.name).text === 'env' &&
    ts.isStringLiteral(node.parent.parent.parent.moduleSpecifier) &&
    /^(node:)?process$/.test(node.parent.parent.parent.moduleSpecifier.text)
  );
}

/** sql`…`, this.sql`…`, sql.unsafe(…); SELECT 1 asks whether the database is there, and may stand anywhere. */
function isSql(node: ts.Node): boolean {
  if (ts.isTaggedTemplateExpression(node)) {
    return lastName(node.tag) === 'sql' && node.template.getText() !== '`SELECT 1`';
  }
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'unsafe' &&
    lastName(node.expression.expression) === 'sql'
  );
}

function lastName(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) {
    return node.text;
  }
  return ts.isPropertyAccessExpression(node) ? node.name.text : undefined;
}
