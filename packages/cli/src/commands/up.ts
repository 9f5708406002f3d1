import type { Command } from 'commander';
import type { Io } from '../io.ts';

export function registerUp(_root: Command, _io: Io): void {}
