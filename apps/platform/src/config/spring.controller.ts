import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { HttpRequest } from '../http/exchange.js';
import { NamePipe } from '../input/names.js';
import { Requires } from '../security/requires.decorator.js';
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
  @ApiOkResponse({
    description: 'By application: the release, its znodes, how many differ still, what was left out or refused and why',
  })
  state(@Param('namespace', NAMESPACE) namespace: string): ReturnType<SpringService['state']> {
    return this.spring.state(namespace);
  }

  @Post('import')
  @HttpCode(200)
  @Requires('writer', 'namespace')
  @ApiOperation({ summary: "Take over what stands in Spring Cloud Zookeeper's layout: a release of each application" })
  @ApiOkResponse({ description: 'By application: imported, unchanged or failed; and what was passed over' })
  take(
    @Param('namespace', NAMESPACE) namespace: string,
    @Body() input: SpringImportDto,
    @Req() { caller }: HttpRequest,
  ): ReturnType<SpringService['take']> {
    return this.spring.take(namespace, input, caller);
  }
}
