import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { HttpReply } from '../http/exchange.js';
import { Requires } from '../security/requires.decorator.js';
import { PlatformMetrics } from './platform-metrics.js';

/** `/metrics`, for Prometheus. */
@ApiTags('operation')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(PlatformMetrics) private readonly metrics: PlatformMetrics) {}

  @Get()
  @Requires('reader', 'anything')
  @ApiOperation({ summary: 'Figures for Prometheus' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The text format of Prometheus', schema: { type: 'string' } })
  async scrape(@Res() reply: HttpReply): Promise<void> {
    const text = await this.metrics.scrape();
    await reply.header('Content-Type', this.metrics.contentType).send(text);
  }
}
