#!/usr/bin/env node
// Runs one of the project's own scripts (tests, benches) on Node 24: node bin/dev.mjs test/run.ts [args]
import process from 'node:process';
import { runOnNode24 } from './node24.mjs';

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  process.stderr.write('Name the script to run, for example: node bin/dev.mjs test/run.ts\n');
  process.exit(1);
}
runOnNode24(script, args);
