/** In the text format of Prometheus. */
export interface MetricsText {
  text(): Promise<string>;
}

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';
