import { applyDecorators } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { DEFAULTS } from '../input/names.js';

/** How the OpenAPI document shows what all routes of a scope share. */
export function ApiScope(): ClassDecorator {
  return applyDecorators(
    ApiTags('config'),
    ApiParam({ name: 'namespace', schema: { type: 'string' }, example: 'shop' }),
    ApiParam({
      name: 'application',
      schema: { type: 'string' },
      description: `An application, or ${DEFAULTS} for the documents that every application of the namespace inherits`,
      example: 'pricing',
    }),
  );
}

/** Where the routes of a scope are. */
export const SCOPE_PATH = 'v1/config/namespaces/:namespace/applications/:application';
