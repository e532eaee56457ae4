/** The OpenAPI document at `/openapi.json` and a page to read it at `/docs`, which needs nothing from the internet. */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { PROBLEMS } from '../errors/problem.js';
import { PLATFORM_VERSION } from '../version.js';
import { namedSchemas } from './schema.js';

/** Makes the document of an application, once, when it is first asked for. */
export function openApiDocument(application: INestApplication): () => OpenAPIObject {
  let document: OpenAPIObject | undefined;
  return () => (document ??= withProblems(SwaggerModule.createDocument(application, frame())));
}

/** Serves the document and the page. */
export function serveDocs(application: INestApplication, document: () => OpenAPIObject): void {
  SwaggerModule.setup('docs', application, document, {
    jsonDocumentUrl: 'openapi.json',
    customSiteTitle: 'Corral platform',
    swaggerOptions: { persistAuthorization: true, validatorUrl: null },
  });
}

function frame(): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setTitle('Corral platform')
    .setDescription(
      'Service registry and live configuration. Every error is a problem document (RFC 9457) whose `errors` name the fields that are wrong.',
    )
    .setVersion(PLATFORM_VERSION)
    .addSecurity('bearer', { type: 'http', scheme: 'bearer' })
    .addSecurityRequirements('bearer')
    .addTag('registry', 'Which services are up, and where')
    .addTag('config', 'Configuration that reaches services while they run')
    .addTag('operation', 'Health and figures')
    .build();
}

/** Every operation may answer with a problem; saying so once here keeps the controllers readable. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations as Record<string, { responses?: Record<string, unknown> }>)) {
      if (operation.responses !== undefined) operation.responses['default'] = { description: 'A problem', content };
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, ...namedSchemas(), Problem: problemSchema() },
  };
  return document;
}

function problemSchema(): object {
  return {
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { type: 'string', enum: Object.keys(PROBLEMS).map((kind) => `urn:corral:problem:${kind}`) },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string' },
      errors: {
        type: 'array',
        items: {
          type: 'object',
          required: ['field', 'message'],
          properties: { field: { type: 'string', example: 'changes[0].name' }, message: { type: 'string' } },
        },
      },
      requestId: { type: 'string' },
      currentRelease: { type: 'integer', description: 'Of a conflict: the release that stands now' },
      documents: { type: 'array', items: { type: 'string' }, description: 'Of a conflict: what both sides changed' },
      rolloutRelease: { type: 'integer', description: 'Of a conflict: the gradual release that is on its way' },
    },
  };
}
