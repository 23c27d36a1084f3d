#!/usr/bin/env node
import { guardProcess } from './guard-process.ts';
import { findCalled, run } from './run.ts';

const words = process.argv.slice(2);
guardProcess({ isService: findCalled(words)?.endsBySignal === true });
process.exitCode = await run(words);
