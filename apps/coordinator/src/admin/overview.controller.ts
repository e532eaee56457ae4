import { Controller, Get, Headers, Res } from '@nestjs/common';
import { CORRAL_VERSION } from '../version.js';
import { jsonText } from './json-text.js';
import { commandNames } from './run-command.js';

/** What this controller needs of a reply; the framework's type would make its package a compile-time need. */
interface TextReply {
  type(contentType: string): TextReply;
  vary(header: string): TextReply;
  send(text: string): void;
}

const PAGES = {
  '/health/live': 'whether the process answers',
  '/health/ready': 'whether writes are taken',
  '/metrics': 'figures for Prometheus',
  '/commands': 'the names of the commands',
} as const;

/** `/`: what there is, for people who come with a browser and for programs. */
@Controller()
export class OverviewController {
  @Get()
  overview(@Headers('accept') accept: string | undefined, @Res() reply: TextReply): void {
    reply.vary('Accept');
    if (accept?.includes('text/html') === true) reply.type('text/html; charset=utf-8').send(html());
    else reply.type('application/json; charset=utf-8').send(jsonText({ version: CORRAL_VERSION, pages: PAGES }));
  }
}

function html(): string {
  const pages = Object.entries(PAGES).map(([path, what]) => `<li>${link(path)}: ${what}</li>`);
  const commands = commandNames.map((name) => `<li>${link(`/commands/${name}`)}</li>`);
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Corral coordinator</title>',
    `<h1>Corral coordinator ${CORRAL_VERSION}</h1>`,
    `<ul>${pages.join('')}</ul><h2>Commands</h2><ul>${commands.join('')}</ul></html>\n`,
  ].join('\n');
}

/** Relative, so that it also leads there behind a proxy. */
function link(path: string): string {
  return `<a href=".${path}">${path}</a>`;
}
