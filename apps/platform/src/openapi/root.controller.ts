import { Controller, Get, Redirect } from '@nestjs/common';
import { ApiFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../security/requires.decorator.js';

/** `/`, where a person with a browser begins. */
@ApiTags('operation')
@Controller()
export class RootController {
  @Get()
  @OpenToAll()
  // Relative, so that it also leads there behind a proxy.
  @Redirect('docs')
  @ApiOperation({ summary: 'Leads to the documentation' })
  @ApiFoundResponse({ description: 'To /docs' })
  root(): void {
    // The decorator has said it all.
  }
}
