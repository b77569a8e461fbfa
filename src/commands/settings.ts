import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig, type Config } from '../config.ts';

/** Reads `.env` of the current folder, where there is one, and then the settings. What the environment says already stays. */
export function loadConfig(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = readConfig(process.env);
  return { ...config, dataDir: resolve(config.dataDir) };
}
