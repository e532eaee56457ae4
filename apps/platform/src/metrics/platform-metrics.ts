import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is read when Prometheus asks. */
export interface MetricSources {
  readonly ensembleConnected: () => boolean;
  readonly streamsOpen: () => number;
  readonly servicesWatched: () => number;
  readonly configurationsWatched: () => number;
}

const DURATION_BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];

/** What the platform tells Prometheus. */
export class PlatformMetrics {
  readonly #registry = new Registry();
  readonly #httpSeconds = new Histogram({
    name: 'corral_platform_http_request_duration_seconds',
    help: 'HTTP requests, by the pattern of their path; watches last as long as they are open.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS_S,
    registers: [this.#registry],
  });
  readonly #grpcCalls = new Counter({
    name: 'corral_platform_grpc_calls_total',
    help: 'gRPC calls that have ended, by method and code.',
    labelNames: ['method', 'code'],
    registers: [this.#registry],
  });

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Connects the figures that are only looked at when somebody asks. */
  connect(sources: MetricSources): void {
    this.#gauge('ensemble_connected', 'Whether the ensemble is reached.', () => (sources.ensembleConnected() ? 1 : 0));
    this.#gauge('streams_open', 'Watches, streams and long polls that are open.', sources.streamsOpen);
    this.#gauge('services_watched', 'Services whose instances are kept up to date here.', sources.servicesWatched);
    this.#gauge(
      'configurations_watched',
      'Configurations that are kept up to date here.',
      sources.configurationsWatched,
    );
  }

  httpRequest(method: string, route: string, status: number, durationMs: number): void {
    this.#httpSeconds.labels(method, route, String(status)).observe(durationMs / 1000);
  }

  grpcCall(method: string, code: string): void {
    this.#grpcCalls.labels(method, code).inc();
  }

  scrape(): Promise<string> {
    return this.#registry.metrics();
  }

  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name: `corral_platform_${name}`,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }
}
