// A thread of Node starts without the loader that its process was started with.
import { register } from 'tsx/esm/api';

register();

/** Loads the thread's code with its first task: what fails then fails the task, and not a thread that has none. */
export default async function run(task) {
  const { checkQuestion } = await import('./check-thread.ts');
  return checkQuestion(task);
}
