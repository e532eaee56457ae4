import { Controller, Get, Header, HttpException, HttpStatus, Inject, Param } from '@nestjs/common';
import { COORDINATOR, type Coordinator } from '../server/coordinator.js';
import { jsonText } from './json-text.js';
import { commandNames, runCommand } from './run-command.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The commands of ZooKeeper's AdminServer: `/commands` and `/commands/<name>`. */
@Controller('commands')
export class CommandsController {
  readonly #coordinator: Coordinator;

  constructor(@Inject(COORDINATOR) coordinator: Coordinator) {
    this.#coordinator = coordinator;
  }

  @Get()
  @Header('Content-Type', JSON_TYPE)
  list(): string {
    return jsonText({ commands: commandNames });
  }

  @Get(':name')
  @Header('Content-Type', JSON_TYPE)
  run(@Param('name') name: string): string {
    const { kind, body } = runCommand(name, this.#coordinator, Date.now());
    if (kind === 'unknown') throw new HttpException(body, HttpStatus.NOT_FOUND);
    if (kind === 'not-serving') throw new HttpException(body, HttpStatus.SERVICE_UNAVAILABLE);
    return jsonText(body);
  }
}
