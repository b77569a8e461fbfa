import { metrics, type Metric } from '../../warehouse/metrics.ts';

export type MetricEntry = Omit<Metric, 'sql' | 'made'>;

/** Every metric as its file describes it, by id. */
export function listMetrics(): MetricEntry[] {
  return [...metrics().values()].map(({ sql: _sql, made: _made, ...entry }) => entry);
}
