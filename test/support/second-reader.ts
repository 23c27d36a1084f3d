/** A reader of workbooks that is not ours: openpyxl, where a Python has it (Debian: python3-openpyxl). */
import { spawnSync } from 'node:child_process';

/** The Python to call; undefined if none has it. */
export const SECOND_READER = ['python3', '/usr/bin/python3'].find(
  (python) => spawnSync(python, ['-c', 'import openpyxl']).status === 0,
);

/** For the name of a test that skips. */
export const whyNoSecondReader = SECOND_READER === undefined ? ' (skipped: no python3 with openpyxl)' : '';
