import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { PrometheusMetrics } from '../metrics/prometheus.js';
import { COORDINATOR, type Coordinator } from '../server/coordinator.js';

/** What this controller needs of a reply; the framework's type would make its package a compile-time need. */
interface TextReply {
  type(contentType: string): TextReply;
  send(text: string): void;
}

/** `/metrics`, for Prometheus. */
@Controller('metrics')
export class MetricsController {
  readonly #coordinator: Coordinator;
  #metrics: Promise<PrometheusMetrics> | undefined;

  constructor(@Inject(COORDINATOR) coordinator: Coordinator) {
    this.#coordinator = coordinator;
  }

  @Get()
  async scrape(@Res() reply: TextReply): Promise<void> {
    // Whoever is never scraped does not pay for prom-client: 30 ms of start and 10 MB.
    this.#metrics ??= this.#open();
    const metrics = await this.#metrics;
    reply.type(metrics.contentType).send(await metrics.scrape());
  }

  async #open(): Promise<PrometheusMetrics> {
    const { PrometheusMetrics: Metrics } = await import('../metrics/prometheus.js');
    return new Metrics(() => this.#coordinator.source, this.#coordinator.metrics);
  }
}
