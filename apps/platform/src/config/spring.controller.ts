import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { HttpRequest } from '../http/exchange.js';
import { NamePipe } from '../input/names.js';
import { Answers } from '../openapi/answers.js';
import { Requires } from '../security/requires.decorator.js';
import { type SpringStates, springStates, type SpringTakeover, springTakeover } from './answers/spring.answers.js';
import { SpringImportDto } from './dto/spring-import.dto.js';
import { SpringService } from './spring-service.js';

const NAMESPACE = new NamePipe('namespace');

/** Spring Cloud Zookeeper's layout of a namespace. */
@ApiTags('config')
@ApiParam({ name: 'namespace', schema: { type: 'string' }, example: 'shop' })
@Controller('v1/config/namespaces/:namespace/spring')
export class SpringController {
  constructor(@Inject(SpringService) private readonly spring: SpringService) {}

  @Get()
  @Requires('reader', 'namespace')
  @ApiOperation({ summary: "How the applications stand in Spring Cloud Zookeeper's layout" })
  @Answers(
    200,
    springStates,
    'By application: the release, its znodes, how many differ still, what was left out or refused and why',
  )
  state(@Param('namespace', NAMESPACE) namespace: string): Promise<SpringStates> {
    return this.spring.state(namespace);
  }

  @Post('import')
  @HttpCode(200)
  @Requires('writer', 'namespace')
  @ApiOperation({ summary: "Take over what stands in Spring Cloud Zookeeper's layout: a release of each application" })
  @Answers(200, springTakeover, 'By application: imported, unchanged or failed; and what was passed over')
  take(
    @Param('namespace', NAMESPACE) namespace: string,
    @Body() input: SpringImportDto,
    @Req() { caller }: HttpRequest,
  ): Promise<SpringTakeover> {
    return this.spring.take(namespace, input, caller);
  }
}
