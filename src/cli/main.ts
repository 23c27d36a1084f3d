#!/usr/bin/env node
import { guardProcess } from './guard-process.ts';
import { findCalled, run } from './run.ts';

const words = process.argv.slice(2);
const { endsBySignal } = findCalled(words) ?? {};
guardProcess({
  isService: endsBySignal === true || (endsBySignal !== undefined && endsBySignal === words[1]),
});
process.exitCode = await run(words);
