/**
 * What every DuckDB of ours is opened with: what is built in must do. Without this a file that looks like another program's makes DuckDB
 * fetch code for it from the internet.
 */
export const ENGINE_OPTIONS = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
} as const;
