import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { directionRules } from './direction-rules.ts';
import { findCircles } from './import-circles.ts';
import { isTest, listSourceFiles, SOURCE_FOLDERS } from './source-files.ts';
import type { Violation } from './violation.ts';

/**
 * Follows the imports below `root` and applies the rules.
 *
 * @throws Error where dependency-cruiser has not seen every source file: with a TypeScript that it cannot use it sees
 * no module at all, and says that all is well
 */
export async function checkGraph(root: string): Promise<{ violations: Violation[]; modules: number }> {
  const sources = listSourceFiles(root);
  const folders = SOURCE_FOLDERS.filter((folder) => sources.some((file) => file.startsWith(`${folder}/`)));
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      validate: true,
      ruleSet: { forbidden: directionRules },
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '(^|/)(planted|dist)/' },
    },
    {
      extensions: ['.ts', '.tsx', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  );
  if (typeof output === 'string') {
    throw new Error('dependency-cruiser gave no result');
  }
  const seen = new Set(output.modules.map((module) => module.source));
  const unseen = sources.filter((file) => !seen.has(file));
  if (sources.length === 0 || unseen.length > 0) {
    throw new Error(
      `dependency-cruiser saw ${seen.size} modules, and not ${unseen[0] ?? 'any source'} ` +
        `(${unseen.length} of ${sources.length} left out, in ${join(root)})`,
    );
  }
  const violations = output.summary.violations.map(
    ({ rule, from, to }): Violation => ({ rule: rule.name, file: from, detail: `imports ${to}` }),
  );
  const ours = new Set(sources.filter((file) => !isTest(file)));
  const imports = new Map(
    output.modules
      .filter(({ source }) => ours.has(source))
      .map(({ source, dependencies }) => [
        source,
        dependencies.map(({ resolved }) => resolved).filter((to) => ours.has(to)),
      ]),
  );
  return {
    violations: [...violations.filter(({ file }) => !isTest(file)), ...findCircles(imports)],
    modules: sources.length,
  };
}
