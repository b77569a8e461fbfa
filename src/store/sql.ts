/** What every operational query needs; a pool, one connection, a transaction and the worker's remote end all have it. */
export interface Sql {
  /** Runs one statement with `$1` parameters and returns its rows. timestamptz arrives as Date, bigint as string, jsonb parsed. */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    params?: readonly unknown[],
  ): Promise<Row[]>;
}

/** The operational store: PGlite in DATA_DIR, or PostgreSQL. */
export interface Store extends Sql {
  readonly engine: 'pglite' | 'postgres';
  /** Runs `work` in one transaction: commits when it resolves, rolls back when it throws. Await nothing else inside. */
  tx<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Runs several statements without parameters and returns the rows of all of them. */
  exec(text: string): Promise<object[]>;
  close(): Promise<void>;
}
