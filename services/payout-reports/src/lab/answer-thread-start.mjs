// A thread of Node starts without the loader that its process was started with.
import { register } from 'tsx/esm/api';

register();

/** Loads the thread's code with its first task: what fails then fails the task, and not a thread that has none. */
export default async function run(task) {
  const { answerJob } = await import('./answer-thread.ts');
  return answerJob(task);
}
